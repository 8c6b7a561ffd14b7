// A table of text: columns as wide as their widest cell, two spaces apart.
#pragma once

#include <string>
#include <vector>

namespace verso::cli {

/// Thread safety: movable.
class Table {
public:
    enum class Align { left, right };

    Table() = default;
    /// A first row of headings.
    explicit Table(std::vector<std::string> headings) { add(std::move(headings)); }

    /// How column `at` is aligned; by default left.
    Table& align(std::size_t at, Align align);
    /// Spaces before each row.
    Table& indent(std::size_t columns);

    /// Requires: cells without line feeds.
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    /// The rows, each ended by a line feed and without spaces before it.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
    std::vector<Align> aligns_;
    std::size_t indent_ = 0;
};

}  // namespace verso::cli
