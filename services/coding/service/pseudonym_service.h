#ifndef PLUMBLINE_CODING_SERVICE_PSEUDONYM_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_PSEUDONYM_SERVICE_H_

#include "coding/storage/store.h"
#include "common/crypto/keyed_hash.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/pseudonyms.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.PseudonymService. Thread-safe.
class PseudonymService final : public v1::PseudonymService::CallbackService {
 public:
  // Everything outlives the service. `hash` nullptr: no key is configured.
  PseudonymService(CodingStore& store, jobs::Submitter& submitter, const crypto::KeyedHash* hash,
                   rpc::Handlers& handlers)
      : store_(store), submitter_(submitter), hash_(hash), handlers_(handlers) {}

  grpc::ServerUnaryReactor* GetPseudonymReport(grpc::CallbackServerContext* context,
                                               const v1::GetPseudonymReportRequest* request,
                                               v1::GetPseudonymReportResponse* response) override;
  grpc::ServerUnaryReactor* DestroyPseudonymMap(grpc::CallbackServerContext* context,
                                                const v1::DestroyPseudonymMapRequest* request,
                                                v1::DestroyPseudonymMapResponse* response) override;

 private:
  CodingStore& store_;
  jobs::Submitter& submitter_;
  const crypto::KeyedHash* const hash_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_PSEUDONYM_SERVICE_H_
