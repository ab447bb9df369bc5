#include "instruments/storage/instruments_store.h"

#include "absl/strings/str_cat.h"

namespace plumbline::instruments {

std::string StoredResponse::etag() const { return absl::StrCat("r", corrections); }

std::string ResponseName(std::string_view id) {
  return absl::StrCat("responses/", absl::string_view(id.data(), id.size()));
}

}  // namespace plumbline::instruments
