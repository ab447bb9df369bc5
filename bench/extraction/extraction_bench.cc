// How fast questions are found: bytes of a turn's text a second, on one core. bench/extraction/run.py holds it against
// tokenisers of other libraries on the same text.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"

namespace plumbline::coding {
namespace {

std::string ReadText() {
  std::ifstream in(PLUMBLINE_BENCH_TEXT, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// The conversation again and again, 1 MB of turns; without punctuation and capitals, or as it stands.
std::vector<std::string> Turns(bool punctuated) {
  constexpr size_t kBytes = 1'000'000;
  const auto transcript = ParseTranscript(ReadText(), {});
  std::vector<std::string> turns;
  if (!transcript.ok()) return turns;
  for (size_t bytes = 0, i = 0; bytes < kBytes; ++i) {
    const std::string& text = transcript->turns[i % transcript->turns.size()].text;
    turns.push_back(punctuated ? text : Unpunctuated(text));
    bytes += turns.back().size();
  }
  return turns;
}

int64_t Bytes(const std::vector<std::string>& turns) {
  size_t bytes = 0;
  for (const std::string& turn : turns) bytes += turn.size();
  return static_cast<int64_t>(bytes);
}

void BM_FindQuestions(benchmark::State& state) {
  const bool punctuated = state.range(0) == 1;
  const std::vector<std::string> turns = Turns(punctuated);
  if (turns.empty()) state.SkipWithError("no text");
  QuestionFinder finder;
  for (auto _ : state) {
    for (const std::string& turn : turns) {
      benchmark::DoNotOptimize(finder.Find(turn, punctuated ? Punctuation::kPunctuated : Punctuation::kNone).data());
    }
  }
  state.SetBytesProcessed(state.iterations() * Bytes(turns));
}
BENCHMARK(BM_FindQuestions)->ArgName("punctuated")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

// Only the words, as the tokenisers of the comparison do.
void BM_SplitWords(benchmark::State& state) {
  const std::vector<std::string> turns = Turns(true);
  if (turns.empty()) state.SkipWithError("no text");
  Words words;
  for (auto _ : state) {
    for (const std::string& turn : turns) {
      words.Split(turn);
      benchmark::DoNotOptimize(words.list().data());
    }
  }
  state.SetBytesProcessed(state.iterations() * Bytes(turns));
}
BENCHMARK(BM_SplitWords)->Unit(benchmark::kMillisecond);

// A whole file: the parser, the punctuation and the questions.
void BM_ParseAndExtract(benchmark::State& state) {
  const std::string conversation = ReadText();
  std::string file;
  while (file.size() < 1'000'000) file += conversation;
  for (auto _ : state) {
    const auto transcript = ParseTranscript(file, {});
    if (!transcript.ok()) state.SkipWithError("not read");
    benchmark::DoNotOptimize(ExtractQuestions(*transcript, ExtractionOptions{}));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(BM_ParseAndExtract)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbline::coding
