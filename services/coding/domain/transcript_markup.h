#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_MARKUP_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_MARKUP_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

// Tags and entities in the text of captions.
namespace plumbline::coding {

// HTML entities as characters: the names that captions use, and numbers. What is none stays as it is, also a number
// that is a control character or no character. Each is decoded once, so that the text never grows.
std::string DecodeEntities(std::string_view text);

// Walks over caption text: `on_text` for each piece between tags, `on_tag` for what stands inside each <...>. A "<"
// that opens no tag is text. SubRip's {\...} is left out.
void WalkMarkup(std::string_view text, const std::function<void(std::string_view)>& on_text,
                const std::function<void(std::string_view)>& on_tag);

// The speaker of a tag "v Name" or "v.loud.left Name"; nullopt for another tag.
std::optional<std::string> VoiceOf(std::string_view tag);

// The text without tags, entities decoded and white space collapsed.
std::string PlainText(std::string_view text);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_MARKUP_H_
