#ifndef PLUMBLINE_COMMON_TESTING_STORE_FIXTURE_H_
#define PLUMBLINE_COMMON_TESTING_STORE_FIXTURE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/jobs/unit_of_work.h"
#include "gtest/gtest.h"

// What the contract suites of stores share: a backend for each test, and writes and reads through it.
namespace plumbline::testing {

template <typename Reader, typename Writer>
struct OpenStore {
  std::shared_ptr<void> keep_alive;  // what the store stands on
  jobs::UnitOfWork<Reader, Writer>* store = nullptr;
};

template <typename Reader, typename Writer>
struct StoreBackend {
  std::string name;
  std::function<OpenStore<Reader, Writer>()> open;  // a new, empty store; nullptr after a failed expectation
  std::function<std::string()> skip_reason = [] { return std::string(); };
};

template <typename Reader, typename Writer>
void PrintTo(const StoreBackend<Reader, Writer>& backend, std::ostream* out) {
  *out << backend.name;
}

// A suite derives from this one, and each test file instantiates it with its own backends.
template <typename Reader, typename Writer>
class StoreFixture : public ::testing::TestWithParam<StoreBackend<Reader, Writer>> {
 protected:
  void SetUp() override {
    const StoreBackend<Reader, Writer>& backend = this->GetParam();
    if (const std::string reason = backend.skip_reason(); !reason.empty()) GTEST_SKIP() << reason;
    open_ = backend.open();
    ASSERT_NE(open_.store, nullptr);
  }

  jobs::UnitOfWork<Reader, Writer>& store() { return *open_.store; }

  static absl::Time At(int64_t second) { return absl::FromUnixSeconds(1'700'000'000 + second); }

  // One transaction, at At(0).
  absl::Status Write(const std::function<absl::Status(Writer&)>& body) {
    return store()
        .Write({"tester", "Test/Write", "", "", At(0)},
               [&](Writer& writer) -> absl::StatusOr<jobs::WriteResult> {
                 RETURN_IF_ERROR(body(writer));
                 return jobs::WriteResult{};
               })
        .status();
  }

  // What `body` read; a failed expectation, and T{}, when it fails.
  template <typename T>
  T Read(const std::function<absl::StatusOr<T>(Reader&)>& body) {
    T out{};
    const absl::Status status = ReadStatus([&](Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(out, body(reader));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return out;
  }

  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) { return store().Read(body); }

 private:
  OpenStore<Reader, Writer> open_;
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_STORE_FIXTURE_H_
