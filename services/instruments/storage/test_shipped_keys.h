#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_TEST_SHIPPED_KEYS_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_TEST_SHIPPED_KEYS_H_

#include <gtest/gtest.h>

#include <string>

#include "instruments/domain/test_keys.h"
#include "instruments/storage/instrument_file.h"

// For tests: the keys that ship with the program.
namespace plumbline::instruments {

inline const KeyCatalogue& ShippedKeys() {
  static const KeyCatalogue* const keys = [] {
    auto loaded = LoadInstruments(PLUMBLINE_SOURCE_DIR "/data/instruments");
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return new KeyCatalogue(*std::move(loaded));
  }();
  return *keys;
}

inline const InstrumentKey& ShippedKey(const std::string& id) { return **ShippedKeys().Find(id); }

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_TEST_SHIPPED_KEYS_H_
