#include "instruments/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "instruments/service/instrument_service.h"
#include "instruments/service/response_service.h"
#include "instruments/service/summary_service.h"
#include "instruments/storage/instrument_file.h"
#include "instruments/storage/sql_instruments_store.h"
#include "instruments/worker/import_responses.h"

namespace plumbline::instruments {
namespace {

class InstrumentsModule final : public app::Module {
 public:
  InstrumentsModule(KeyCatalogue keys, const app::Platform& platform)
      : keys_(std::move(keys)),
        store_(MakeSqlInstrumentsStore(platform.database)),
        clock_(platform.clock),
        ids_(platform.ids),
        instrument_service_(keys_, platform.handlers),
        response_service_(keys_, *store_, platform.submitter, platform.ids, platform.handlers),
        summary_service_(keys_, *store_, platform.handlers) {}

  std::vector<grpc::Service*> services() override {
    return {&instrument_service_, &response_service_, &summary_service_};
  }

  jobs::HandlerMap handlers() override {
    return {{kImportResponsesKind, MakeImportResponsesHandler(keys_, *store_, ids_, clock_)}};
  }

 private:
  const KeyCatalogue keys_;
  const std::unique_ptr<InstrumentsStore> store_;
  Clock& clock_;
  IdGenerator& ids_;
  InstrumentService instrument_service_;
  ResponseService response_service_;
  SummaryService summary_service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform) {
  ASSIGN_OR_RETURN(KeyCatalogue keys, LoadInstruments(platform.data_dir + "/instruments"));
  RETURN_IF_ERROR(sql::Migrate(platform.database, "instruments", InstrumentsMigrations(), platform.clock.Now()));
  return std::make_unique<InstrumentsModule>(std::move(keys), platform);
}

}  // namespace plumbline::instruments
