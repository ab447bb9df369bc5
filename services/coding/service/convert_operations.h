#ifndef PLUMBLINE_CODING_SERVICE_CONVERT_OPERATIONS_H_
#define PLUMBLINE_CODING_SERVICE_CONVERT_OPERATIONS_H_

// Kinds of long work and what their payload holds. Shared by the RPCs that record it and the workers that run it.
namespace plumbline::coding {

// Payload: BatchImportTranscriptsRequest without its request_id. Response: BatchImportTranscriptsResult.
inline constexpr char kBatchImportKind[] = "coding.batch_import_transcripts";
// Payload: AnalyzeStudyRequest without its request_id, replicates filled in. Response: StudyAnalysis.
inline constexpr char kAnalyzeStudyKind[] = "coding.analyze_study";
// Payload: StudyPreparation with the study's name. Response: StudyPreparation.
inline constexpr char kPrepareStudyKind[] = "coding.prepare_study";
// Payload: CreateStudyReportRequest without its request_id. Response: StudyReport.
inline constexpr char kCreateStudyReportKind[] = "coding.create_study_report";

// Payload: StudyPreparation with the study's name. Response: StudyPreparation.
inline constexpr char kOpenAdjudicationKind[] = "coding.open_adjudication";

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CONVERT_OPERATIONS_H_
