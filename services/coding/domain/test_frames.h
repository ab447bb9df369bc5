#ifndef PLUMBLINE_CODING_DOMAIN_TEST_FRAMES_H_
#define PLUMBLINE_CODING_DOMAIN_TEST_FRAMES_H_

#include <utility>
#include <vector>

#include "coding/domain/frame.h"
#include "coding/domain/study.h"

// A small valid frame of each kind, and an answer to it.
namespace plumbline::coding {

inline Frame TestFrame(FrameKind kind) {
  Frame frame;
  frame.id = "frame";
  frame.version = 1;
  frame.title = "Frame";
  frame.source = "a source";
  frame.kind = kind;
  frame.unit = DefaultUnit(kind);
  if (kind != FrameKind::kBinary && kind != FrameKind::kNumeric) {
    frame.entries = {{"1", "One", ""}, {"4a", "=Four, \"a\"", ""}, {"-", "Dash", ""}};
  }
  switch (kind) {
    case FrameKind::kNominatedList:
      frame.threshold = Fraction{1, 3};
      break;
    case FrameKind::kDomainPresence:
      frame.domain_ratings = {{"all", "All", 3, {"4a"}}, {"none", "None", 0, {}}};
      break;
    case FrameKind::kRatedSkills:
      for (FrameEntry& entry : frame.entries) entry.group = "g";
      frame.rating_min = -1;
      frame.rating_max = 5;
      break;
    case FrameKind::kNumeric:
      frame.number_min = -2.5;
      frame.number_max = 10;
      break;
    case FrameKind::kCategorical:
    case FrameKind::kBinary:
    case FrameKind::kOrdinal:
      break;
  }
  return frame;
}

inline std::vector<FrameKind> AllKinds() {
  return {FrameKind::kNominatedList, FrameKind::kDomainPresence, FrameKind::kRatedSkills, FrameKind::kCategorical,
          FrameKind::kBinary,        FrameKind::kOrdinal,        FrameKind::kNumeric};
}

// What a coder may say to TestFrame(kind); at least two answers that differ, and a skip.
inline std::vector<Code> TestAnswers(FrameKind kind) {
  Code one;
  Code two;
  switch (kind) {
    case FrameKind::kNominatedList:
      one.nomination = "4a";
      [[fallthrough]];
    case FrameKind::kBinary:
      one.outcomes_focused = true;
      break;
    case FrameKind::kDomainPresence:
      one.present = {"-", "1"};
      break;
    case FrameKind::kRatedSkills:
      one.ratings = {{"1", -1}, {"4a", 0}, {"-", 5}};
      two.ratings = {{"1", 2}, {"4a", 3}, {"-", 4}};
      break;
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      one.category = "-";
      two.category = "4a";
      break;
    case FrameKind::kNumeric:
      one.number = -2.5;
      two.number = 0.1;
      break;
  }
  Code skip;
  skip.skip_reason = "=cannot \"tell\",\nno sound 'here'";
  return {std::move(one), std::move(two), std::move(skip)};
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TEST_FRAMES_H_
