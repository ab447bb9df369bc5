#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_book.h"
#include "common/base/utf8.h"

using plumbline::coding::FindIdentifiers;
using plumbline::coding::Findings;
using plumbline::coding::Identity;
using plumbline::coding::IdentityList;
using plumbline::coding::Mention;
using plumbline::coding::Utterance;

// The first lines are listed names, the others a conversation. Mentions are in order, inside their text and cut no
// character; the same text finds the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin <= text.size() && lines.size() < 2000;) {
    const size_t end = text.find('\n', begin) == std::string_view::npos ? text.size() : text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::vector<Identity> identities;
  std::vector<Utterance> utterances;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const size_t colon = line.find(':');
    if (i < 3 && !line.empty()) {
      Identity identity;
      identity.kind = plumbline::coding::kPseudonymKinds[static_cast<uint8_t>(line[0]) % 9];
      const std::string name(line.substr(1));
      if (identity.kind == plumbline::coding::PseudonymKind::kPerson) {
        identity.given_name = name;
      } else {
        identity.text = name;
      }
      identities.push_back(identity);
    } else if (colon != std::string_view::npos) {
      utterances.push_back({line.substr(0, colon), false, line.substr(colon + 1), false});
    } else {
      utterances.push_back({"", false, line, false});
    }
  }
  const auto compiled = IdentityList::Compile(identities);
  const IdentityList list = compiled.ok() ? *compiled : IdentityList();
  const Findings findings = FindIdentifiers(utterances, list);
  plumbline::coding::PseudonymBook book({}, {}, [](const std::string& form) { return std::vector<std::string>{form}; });
  const std::vector<int64_t> numbers = book.Number(findings);
  if (numbers.size() != findings.entities.size()) std::abort();
  const auto check = [&](std::string_view whole, const std::vector<Mention>& mentions) {
    size_t at = 0;
    for (const Mention& mention : mentions) {
      if (mention.begin < at || mention.end <= mention.begin || mention.end > whole.size()) std::abort();
      if (mention.entity >= numbers.size()) std::abort();
      at = mention.end;
    }
    const std::string replaced = ReplaceMentions(whole, mentions, findings.entities, numbers);
    const bool valid = plumbline::FirstInvalidUtf8(whole) == std::string_view::npos;
    if (valid && plumbline::FirstInvalidUtf8(replaced) != std::string_view::npos) std::abort();
  };
  for (size_t i = 0; i < utterances.size(); ++i) check(utterances[i].text, findings.texts[i]);
  for (const auto& [label, mentions] : findings.labels) check(label, mentions);
  const Findings again = FindIdentifiers(utterances, list);
  if (again.counts != findings.counts || again.entities.size() != findings.entities.size()) std::abort();
  return 0;
}
