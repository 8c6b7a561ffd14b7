// The import of a bundle that is too large for one transaction: its documents are stored as they
// come, and what makes them seen is kept in memory until the bundle has been read to its end.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/bundle_import.hpp"
#include "engine/bundle/bundle_lines.hpp"
#include "engine/bundle/document_stage.hpp"

#include <cstdint>
#include <list>
#include <string>

namespace verso::engine::bundle {

/// Thread safety: bound. Failures are thrown.
class StagedImport {
public:
    StagedImport(StoreState& store, const BundleImportOptions& options);

    /// Takes the next bytes, however they are cut.
    void feed(BytesView bytes);
    /// Says that there are no more. Once only.
    [[nodiscard]] BundleImportReport finish();
    /// Gives back what has been stored of a bundle that does not go on.
    void give_up() { documents_.give_up(); }

private:
    void take(BytesView line);
    void replay(BundleImport& import) const;

    StoreState& store_;
    const BundleImportOptions& options_;
    DocumentStage documents_;
    BundleLines lines_;
    /// Blocks of the lines that have been read, those of documents without their JSON.
    std::list<std::string> kept_;
};

}  // namespace verso::engine::bundle
