#include <cmath>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "instruments/domain/instrument_key.h"

namespace plumbline::instruments {
namespace {

bool InBounds(double value) { return std::isfinite(value) && std::abs(value) <= kMaxAbsoluteAnswer; }

// Walks one key and collects everything that is wrong with it.
class KeyValidator {
 public:
  explicit KeyValidator(const InstrumentKey& key) : key_(key) {}

  absl::Status Run() {
    CheckId("id", key_.id);
    if (key_.version < 1) violations_.Add("version", absl::StrCat(key_.version), "must be 1 or more");
    if (key_.title.empty()) violations_.AddMissing("title");
    if (key_.source.empty()) violations_.AddMissing("source");
    CheckText("title", key_.title);
    CheckText("respondent", key_.respondent);
    CheckText("source", key_.source);
    if (key_.notes.size() > kMaxNotes) CheckCount("notes", key_.notes.size(), kMaxNotes);
    for (size_t i = 0; i < key_.notes.size() && i < kMaxNotes; ++i) {
      CheckText(absl::StrCat("notes[", i, "]"), key_.notes[i]);
    }
    if (CheckCount("items", key_.items.size(), kMaxItems)) CheckItems();
    if (CheckCount("scores", key_.scores.size(), kMaxScores)) CheckScores();
    CheckNorms();
    return violations_.ToStatus();
  }

 private:
  void CheckId(const std::string& place, const std::string& id) {
    if (!IsValidResourceId(id)) violations_.Add(place, id, kResourceIdRule);
  }

  void CheckText(const std::string& place, const std::string& text) {
    if (text.size() > kMaxTextBytes) {
      violations_.Add(place, absl::StrCat(text.size(), " bytes"), absl::StrCat("may have at most ", kMaxTextBytes));
    }
  }

  // True when `size` is from 1 to `max`, so that the elements are worth looking at.
  bool CheckCount(const std::string& place, size_t size, size_t max) {
    if (size >= 1 && size <= max) return true;
    violations_.Add(place, absl::StrCat(size, " entries"), absl::StrCat("must have 1 to ", max, " entries"));
    return false;
  }

  void CheckItems() {
    std::set<std::string> seen;
    for (size_t i = 0; i < key_.items.size(); ++i) {
      const ItemKey& item = key_.items[i];
      const std::string place = absl::StrCat("items[", i, "]");
      if (!IsValidItemId(item.id)) {
        violations_.Add(place + ".id", item.id, "must be 1 to 20 characters of a-z, 0-9 and -");
      } else if (!seen.insert(item.id).second) {
        violations_.Add(place + ".id", item.id, "this item stands twice");
      }
      CheckText(place + ".title", item.title);
      CheckRange(place, item);
      CheckCategories(place, item);
    }
  }

  static bool HasGoodRange(const ItemKey& item) {
    if (!InBounds(item.min) || !InBounds(item.max) || item.min >= item.max) return false;
    if (item.kind == ResponseKind::kVisualAnalogue) return true;
    return std::floor(item.min) == item.min && std::floor(item.max) == item.max &&
           item.max - item.min < static_cast<double>(kMaxOptions);
  }

  void CheckRange(const std::string& place, const ItemKey& item) {
    if (HasGoodRange(item)) return;
    violations_.Add(
        place + ".max", absl::StrCat(item.min, " to ", item.max),
        absl::StrCat("the range must run from a smaller to a larger number within plus or minus 1000000; ",
                     "for whole numbers and categories both are whole, with at most ", kMaxOptions, " options"));
  }

  void CheckCategories(const std::string& place, const ItemKey& item) {
    if (item.kind != ResponseKind::kCategory) {
      if (!item.categories.empty()) {
        violations_.Add(place + ".categories", absl::StrCat(item.categories.size(), " entries"),
                        "only an item of kind category has categories");
      }
      return;
    }
    if (!CheckCount(place + ".categories", item.categories.size(), kMaxOptions)) return;
    if (item.min != 0 || item.max != static_cast<double>(item.categories.size()) - 1) {
      violations_.Add(place + ".max", absl::StrCat(item.min, " to ", item.max),
                      "a category item runs from 0 to the number of its categories less 1");
    }
    std::set<std::string> labels;
    for (size_t c = 0; c < item.categories.size(); ++c) {
      const std::string at = absl::StrCat(place, ".categories[", c, "]");
      if (item.categories[c].empty()) violations_.AddMissing(at);
      CheckText(at, item.categories[c]);
      if (!labels.insert(item.categories[c]).second) {
        violations_.Add(at, item.categories[c], "this category stands twice");
      }
    }
  }

  void CheckScores() {
    std::set<std::string> ids;
    for (size_t s = 0; s < key_.scores.size(); ++s) {
      const ScoreKey& score = key_.scores[s];
      const std::string place = absl::StrCat("scores[", s, "]");
      CheckId(place + ".id", score.id);
      CheckText(place + ".title", score.title);
      CheckText(place + ".note", score.note);
      if (!ids.insert(score.id).second) violations_.Add(place + ".id", score.id, "this score stands twice");
      if (!CheckCount(place + ".items", score.items.size(), kMaxItems)) continue;
      CheckScoreItems(place, score);
      CheckReversed(place, score);
      CheckMissing(place, score);
      if (score.HasPoints()) CheckPoints(place, score);
    }
  }

  void CheckScoreItems(const std::string& place, const ScoreKey& score) {
    std::set<std::string> seen;
    for (size_t i = 0; i < score.items.size(); ++i) {
      const std::string at = absl::StrCat(place, ".items[", i, "]");
      const ItemKey* item = key_.FindItem(score.items[i]);
      if (item == nullptr) {
        violations_.Add(at, score.items[i], "the instrument has no such item");
        continue;
      }
      if (!seen.insert(score.items[i]).second) violations_.Add(at, score.items[i], "this item stands twice");
      if ((item->kind == ResponseKind::kCategory) != (score.combination == Combination::kCategory)) {
        violations_.Add(at, score.items[i], "a category item goes with combination category, and nothing else does");
      }
    }
    const bool one_item = score.combination == Combination::kSingle || score.combination == Combination::kCategory;
    if (one_item && score.items.size() != 1) {
      violations_.Add(place + ".items", absl::StrCat(score.items.size(), " entries"),
                      absl::StrCat("combination ", ToString(score.combination), " takes exactly one item"));
    }
  }

  void CheckReversed(const std::string& place, const ScoreKey& score) {
    std::set<std::string> seen;
    const std::set<std::string> own(score.items.begin(), score.items.end());
    for (size_t i = 0; i < score.reversed_items.size(); ++i) {
      const std::string at = absl::StrCat(place, ".reversed_items[", i, "]");
      if (!own.contains(score.reversed_items[i])) {
        violations_.Add(at, score.reversed_items[i], "is not an item of this score");
      }
      if (!seen.insert(score.reversed_items[i]).second) {
        violations_.Add(at, score.reversed_items[i], "this item stands twice");
      }
    }
    if (score.combination == Combination::kCategory && (!score.reversed_items.empty() || score.HasPoints())) {
      violations_.Add(place + ".combination", ToString(score.combination),
                      "a category is neither reversed nor given points");
    }
  }

  void CheckMissing(const std::string& place, const ScoreKey& score) {
    const MissingRule& rule = score.missing;
    if (rule.kind == MissingRuleKind::kNoneAllowed) {
      if (rule.min_answered != 0) {
        violations_.Add(place + ".missing.min_answered", absl::StrCat(rule.min_answered),
                        "goes with prorated and mean_of_answered only");
      }
      return;
    }
    if (rule.min_answered < 1 || static_cast<size_t>(rule.min_answered) > score.items.size()) {
      violations_.Add(place + ".missing.min_answered", absl::StrCat(rule.min_answered),
                      absl::StrCat("must be 1 to ", score.items.size(), ", the number of items"));
    }
    const bool fits = rule.kind == MissingRuleKind::kProrated ? score.combination == Combination::kSum
                                                              : score.combination == Combination::kMean;
    if (!fits) {
      violations_.Add(place + ".missing.rule", ToString(rule.kind),
                      "prorated goes with a sum, mean_of_answered with a mean");
    }
  }

  void CheckPoints(const std::string& place, const ScoreKey& score) {
    if (!score.reversed_items.empty()) {
      violations_.Add(place + ".reversed_items", absl::StrCat(score.reversed_items.size(), " entries"),
                      "a score has points or reversed items, not both");
    }
    for (const std::vector<double>* points : {&score.positive_points, &score.negative_points}) {
      for (const double value : *points) {
        if (!InBounds(value)) {
          violations_.Add(place + ".points", absl::StrCat(value), "must be a number within plus or minus 1000000");
        }
      }
    }
    for (const std::string& id : score.items) {
      const ItemKey* item = key_.FindItem(id);
      if (item == nullptr || !HasGoodRange(*item)) continue;  // named already
      if (item->polarity == Polarity::kUnspecified || item->OptionCount() == 0) {
        violations_.Add(place + ".points", absl::StrCat("item ", id), "points need items with a polarity and options");
      } else if (score.PointsOf(*item).size() != item->OptionCount()) {
        violations_.Add(absl::StrCat(place, ".points.", ToString(item->polarity)),
                        absl::StrCat(score.PointsOf(*item).size(), " entries"),
                        absl::StrCat("item ", id, " has ", item->OptionCount(), " options"));
      }
    }
  }

  void CheckNorms() {
    if (key_.norms.size() > kMaxScores) CheckCount("norms", key_.norms.size(), kMaxScores);
    for (size_t n = 0; n < key_.norms.size() && n < kMaxScores; ++n) {
      const Norm& norm = key_.norms[n];
      const std::string place = absl::StrCat("norms[", n, "]");
      if (key_.FindScore(norm.score) == nullptr) {
        violations_.Add(place + ".score", norm.score, "the instrument has no such score");
      }
      if (!InBounds(norm.mean)) violations_.Add(place + ".mean", absl::StrCat(norm.mean), "must be a number");
      if (norm.source.empty()) violations_.AddMissing(place + ".source");
      CheckText(place + ".source", norm.source);
      CheckText(place + ".note", norm.note);
    }
  }

  const InstrumentKey& key_;
  Violations violations_;
};

}  // namespace

absl::Status ValidateKey(const InstrumentKey& key) { return KeyValidator(key).Run(); }

}  // namespace plumbline::instruments
