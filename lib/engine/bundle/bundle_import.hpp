// Reads a bundle line by line into a store's transaction.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/history_import.hpp"
#include "engine/bundle/import_plan.hpp"
#include "engine/bundle/lines.hpp"
#include "engine/writer.hpp"

#include <optional>
#include <string>

namespace verso::engine::bundle {

/// The longest line that a bundle may have whose documents have at most so many bytes.
[[nodiscard]] std::size_t max_line_bytes(const DocumentLimits& documents) noexcept;

/// Thread safety: bound. Failures are thrown; the transaction is good for nothing then.
class BundleImport {
public:
    BundleImport(Writer& writer, const BundleImportOptions& options);

    /// Takes the next line, without its line feed.
    void take(BytesView line);
    /// The same of a document that a DocumentStage keeps.
    void take_staged(const Digest& document);
    /// Says that there are no more. Once only.
    [[nodiscard]] BundleImportReport finish();

private:
    /// What may come next.
    enum class Part { header, versions, commits, content, nothing };

    void read_end();
    void read_head_line(JsonView line);
    void expect(Part at_most) const;
    void expect_content() const;
    void begin_content(const Uuid& commit);
    void end_content();
    void take_put(const PutLine& put);
    void take_removed(const RemovedLine& removed);
    void expect_rising(Kind kind, std::string_view name);
    /// Once all is known but the content.
    void decide();
    [[nodiscard]] ConnectionId open_connection();
    void check_connection(const Connection& connection) const;

    Writer& writer_;
    const BundleImportOptions& options_;
    Part part_ = Part::header;
    ImportPlan plan_;
    std::optional<DocumentIntake> documents_;
    std::optional<HistoryImport> history_;
    std::size_t next_content_ = 0;         ///< of the plan's commits
    PlannedCommit* current_ = nullptr;     ///< whose content is read
    std::optional<ContentChange> change_;  ///< of it, if it is new
    std::string last_key_;                 ///< of its changes
    bool connection_added_ = false;
};

}  // namespace verso::engine::bundle
