#include "coding/module.h"

#include <string>
#include <utility>

#include "coding/service/agreement_service.h"
#include "coding/service/coder_service.h"
#include "coding/service/convert_operations.h"
#include "coding/service/frame_service.h"
#include "coding/service/pseudonym_service.h"
#include "coding/service/result_service.h"
#include "coding/service/study_service.h"
#include "coding/service/transcript_service.h"
#include "coding/storage/frame_json.h"
#include "coding/storage/load_study.h"
#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "coding/storage/suggestion_json.h"
#include "coding/worker/analyze_study.h"
#include "coding/worker/batch_import.h"
#include "coding/worker/create_study_report.h"
#include "coding/worker/open_adjudication.h"
#include "coding/worker/prepare_study.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

class CodingModule final : public app::Module {
 public:
  CodingModule(std::vector<Frame> frames, Suggesters suggesters, const app::Platform& platform)
      : frames_(std::move(frames)),
        suggesters_(std::move(suggesters)),
        store_(MakeSqlStore(platform.database)),
        clock_(platform.clock),
        ids_(platform.ids),
        transcripts_(*store_, platform.submitter, platform.ids, platform.pseudonym_hash, platform.handlers),
        pseudonyms_(*store_, platform.submitter, platform.pseudonym_hash, platform.handlers),
        frame_service_(frames_, *store_, platform.submitter, platform.handlers),
        studies_(frames_, suggesters_, *store_, platform.submitter, platform.ids, platform.handlers),
        results_(frames_, *store_, platform.submitter, platform.ids, platform.handlers),
        agreement_(platform.handlers),
        coder_(frames_, suggesters_, *store_, platform.submitter, platform.handlers) {}

  std::vector<grpc::Service*> services() override {
    return {&transcripts_, &pseudonyms_, &frame_service_, &studies_, &results_, &agreement_, &coder_};
  }

  jobs::HandlerMap handlers() override {
    return {{kBatchImportKind, MakeBatchImportHandler(*store_, clock_)},
            {kAnalyzeStudyKind, MakeAnalyzeStudyHandler(frames_, *store_, clock_)},
            {kOpenAdjudicationKind, MakeOpenAdjudicationHandler(frames_, *store_, clock_)},
            {kCreateStudyReportKind, MakeCreateStudyReportHandler(frames_, suggesters_, *store_, clock_)},
            {kPrepareStudyKind, MakePrepareStudyHandler(frames_, *store_, ids_, clock_)}};
  }

 private:
  const FrameCatalog frames_;
  const Suggesters suggesters_;
  const std::unique_ptr<CodingStore> store_;
  Clock& clock_;
  IdGenerator& ids_;
  TranscriptService transcripts_;
  PseudonymService pseudonyms_;
  FrameService frame_service_;
  StudyService studies_;
  ResultService results_;
  AgreementService agreement_;
  CoderService coder_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform) {
  ASSIGN_OR_RETURN(std::vector<Frame> frames, LoadFrames(platform.data_dir + "/frames"));
  ASSIGN_OR_RETURN(auto suggesters, LoadSuggesters(platform.data_dir + "/suggestions", frames));
  RETURN_IF_ERROR(sql::Migrate(platform.database, "coding", CodingMigrations(), platform.clock.Now()));
  return std::make_unique<CodingModule>(std::move(frames), std::move(suggesters), platform);
}

}  // namespace plumbline::coding
