#include "coding/domain/coder_view.h"

#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/pseudonym.h"

namespace plumbline::coding {

CoderItem ViewOf(CoderItem item) {
  std::vector<std::string*> texts = {&item.context, &item.text, &item.second_text};
  for (Passage& passage : item.passages) texts.push_back(&passage.text);
  std::vector<std::string_view> views;
  views.reserve(texts.size());
  for (const std::string* text : texts) views.push_back(*text);
  const PlaceholderMap numbers = NumberAnew(views);
  for (std::string* text : texts) *text = Renumber(*text, numbers);
  return item;
}

}  // namespace plumbline::coding
