using TrafficFlow.Core.Notices;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>deploy/GUIDELINE.md says of each article of the guideline what keeps it and what shows that.</summary>
public sealed class GuidelinePageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "GUIDELINE.md"));

    [Fact]
    public void Every_article_has_its_row_and_no_row_is_of_none()
    {
        var site = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;
        var facts = NoticeFacts.Of(site, []);
        var (english, japanese) = (NoticeWriter.Guideline(facts, NoticeLanguages.English).Clauses, NoticeWriter.Guideline(facts, NoticeLanguages.Japanese).Clauses);

        // The last clause of each is the supplement, which tells the version.
        var articles = english.Zip(japanese, (e, j) => (English: e, Japanese: j)).SkipLast(1).Select((c, i) => $"{i + 1} {c.English.Heading} {c.Japanese.Heading}");

        Assert.Equal(articles, Rows().Select(r => r[0]));
    }

    [Fact]
    public void Every_row_says_what_keeps_it_and_names_a_test() => Assert.All(Rows(), row =>
    {
        Assert.Equal(4, row.Length);
        Assert.True(row[1].Length > 20, row[0]);
        Assert.Contains("Tests", row[2]);
    });

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var (named, absent) = NamedTests.Of(s_page);

        Assert.InRange(named, 40, 500);
        Assert.Empty(absent);
    }

    private static IEnumerable<string[]> Rows() => s_page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(l => l.Trim()[1..^1].Split('|').Select(c => c.Trim()).ToArray());
}
