// What the screening asks: one row a fact, from which the case is read, rules are checked and the
// client is asked.
#include "plan/plan_impl.h"

#include <string.h>

static const char *const sexes[] = { "male", "female", NULL };
static const char *const losses[] = { "none",    "pattern", "scarring", "areata", "totalis",
                                      "diffuse", "pulled",  "unknown",  NULL };
static const char *const scars[] = { "none", "strip", "dots", "other", NULL };
static const char *const psoriasis[] = { "no", "elsewhere", "scalp", NULL };
static const char *const diabetes[] = { "no", "controlled", "uncontrolled", NULL };
static const char *const patches[] = { "none", "clear", "reaction", NULL };
static const char *const works[] = { "none", "smp", "tattoo", NULL };
static const char *const hairs[] = { "shaved", "density", "long", NULL };

#define FLAG(field, question)                                                                      \
    {                                                                                              \
        field, SMP_FACT_FLAG, NULL, "", 0, 1, question                                             \
    }
#define SPELL(field, question)                                                                     \
    {                                                                                              \
        field, SMP_FACT_SPELL, NULL, "months", 0, 1200, question                                   \
    }
#define EVENT(field, question)                                                                     \
    {                                                                                              \
        field, SMP_FACT_EVENT, NULL, "months", 0, 1200, question                                   \
    }
#define WORD(field, words, question)                                                               \
    {                                                                                              \
        field, SMP_FACT_WORD, words, "", 0, 0, question                                            \
    }
#define NUMBER(field, unit, min, max, question)                                                    \
    {                                                                                              \
        field, SMP_FACT_NUMBER, NULL, unit, min, max, question                                     \
    }

const struct smp_fact smp_facts[] = {
    NUMBER("client.age", "years", 0, 110, "How old are you?"),
    WORD("client.sex", sexes, "Are you a man or a woman? (A hairline is held against it.)"),
    NUMBER("client.phototype", "", 1, 6, "Which skin type do you have (Fitzpatrick 1 to 6)?"),
    // The loss of hair
    WORD("health.loss_type", losses, "Which kind of hair loss is it, as a doctor named it?"),
    SPELL("health.loss_active",
          "Do patches, redness or shedding still change, or how many months ago did that end?"),
    FLAG("health.bare_skin", "Is there skin without any hair where the dots would go?"),
    WORD("health.scar", scars, "Is there a scar where the dots would go?"),
    NUMBER("health.scar_months", "months", 0, 1200, "How many months old is the newest scar?"),
    FLAG("health.scar_flat", "Is the scar flat, smooth and pale?"),
    // Skin
    FLAG("health.keloid_own", "Do your scars grow thick or raised (keloids)?"),
    FLAG("health.keloid_family", "Do parents, brothers, sisters or children have keloids?"),
    WORD("health.psoriasis", psoriasis, "Do you have psoriasis, and is it on the scalp?"),
    FLAG("health.dermatitis", "Is there eczema, acne or heavy flaking on the scalp now?"),
    FLAG("health.vitiligo", "Do you have vitiligo (patches of skin that lost their colour)?"),
    FLAG("health.infection", "Is there an infection of the scalp now (germs, fungus, cold sores)?"),
    FLAG("health.moles", "Are there moles, warts or birthmarks where the dots would go?"),
    FLAG("health.mole_changing", "Has a mole or spot on the scalp changed, bled or itched?"),
    FLAG("health.skin_cancer", "Is there skin cancer on the scalp, or was there?"),
    FLAG("health.sunburn", "Is the scalp sunburnt now?"),
    FLAG("health.wound", "Are there open cuts or sores on the scalp now?"),
    // Medicines
    FLAG("health.anticoagulant", "Do you take a medicine that thins the blood, by prescription?"),
    FLAG("health.painkillers",
         "Do you take aspirin, ibuprofen, fish oil or vitamin E of your own?"),
    SPELL("health.isotretinoin", "Do you take isotretinoin, or when did you stop?"),
    SPELL("health.retinoid_cream",
          "Do you use a retinoid or acid cream on the scalp, or until when?"),
    FLAG("health.steroids", "Do you take steroids (cortisone) as tablets or injections?"),
    SPELL("health.chemotherapy", "Do you have chemotherapy or radiotherapy, or when did it end?"),
    // State and illnesses
    FLAG("health.pregnant", "Are you pregnant?"),
    FLAG("health.nursing", "Are you breast-feeding?"),
    WORD("health.diabetes", diabetes, "Do you have diabetes, and is it under control?"),
    FLAG("health.bleeding", "Do you have an illness of the blood (haemophilia, sickle cell)?"),
    FLAG("health.heart", "Do you have a heart disease or an artificial heart valve?"),
    FLAG("health.blood_pressure", "Do you have high blood pressure?"),
    FLAG("health.epilepsy", "Do you have epilepsy?"),
    FLAG("health.liver", "Do you have a liver disease?"),
    FLAG("health.hiv_hepatitis", "Do you have HIV or hepatitis?"),
    FLAG("health.autoimmune", "Do you have an autoimmune illness (such as lupus)?"),
    FLAG("health.weak_immunity", "Is your immune system weak, by illness or by medicine?"),
    FLAG("health.sarcoid", "Do you or did you have sarcoidosis, or lumps in a tattoo?"),
    // Allergies, and what was done before
    FLAG("health.allergy_pigment", "Are you allergic to pigment, tattoo ink or metals in them?"),
    FLAG("health.allergy_anaesthetic", "Are you allergic to numbing cream or injections?"),
    WORD("health.patch_test", patches, "Was a patch test done, and how did the skin take it?"),
    WORD("health.earlier_work", works, "Has the scalp been tattooed before?"),
    EVENT("health.laser", "When was the scalp last treated with a laser?"),
    EVENT("health.transplant", "When was the last hair transplant or surgery of the scalp?"),
    EVENT("health.filler", "When did you last have botulinum or filler in forehead or scalp?"),
    // What is wished for
    WORD("wishes.hair", hairs, "How do you want to wear your hair?"),
    FLAG("wishes.clips_often", "Will you clip your hair every one to three days?"),
    NUMBER("wishes.hairline_mm", "mm", 20, 150,
           "How far above the root of the brows should the hairline be, in mm?"),
    FLAG("wishes.growth", "Do you expect hair to grow, or the loss to stop?"),
    FLAG("wishes.undoable", "Must it be possible to undo it?"),
    FLAG("wishes.distress", "Do worries about your looks fill hours of most days?"),
};
const size_t smp_fact_count = sizeof smp_facts / sizeof *smp_facts;

size_t smp_fact_find(const char *field)
{
    size_t i = 0;
    while (i < smp_fact_count && strcmp(smp_facts[i].field, field) != 0)
        i++;
    return i;
}
