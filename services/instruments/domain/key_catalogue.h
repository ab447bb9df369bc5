#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_KEY_CATALOGUE_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_KEY_CATALOGUE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "instruments/domain/instrument_key.h"

namespace plumbline::instruments {

// The keys a service works with, every version of each. Immutable after Create, so thread-safe.
class KeyCatalogue {
 public:
  // INVALID_ARGUMENT where a key is not valid or a version stands twice; the place starts with the key's id.
  static absl::StatusOr<KeyCatalogue> Create(std::vector<InstrumentKey> keys);

  // NOT_FOUND ("instruments/<id>", with "@<version>" where one was asked for). Version 0 is the newest; a negative one
  // is INVALID_ARGUMENT. The pointer lives as long as this catalogue.
  absl::StatusOr<const InstrumentKey*> Find(std::string_view id, int version = 0) const;

  // The newest version of every key, by id.
  std::vector<const InstrumentKey*> Newest() const;

 private:
  std::map<std::string, std::map<int, InstrumentKey>, std::less<>> keys_;
};

// "instruments/swai": the resource name of a key.
std::string InstrumentName(std::string_view id);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_KEY_CATALOGUE_H_
