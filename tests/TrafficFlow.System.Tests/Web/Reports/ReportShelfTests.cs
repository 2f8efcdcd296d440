using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Files;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

public sealed class ReportShelfTests : IDisposable
{
    private static readonly SiteId s_site = new("a-b");
    private static readonly ReportName s_name = new(s_site, new Period(new DateOnly(2026, 5, 10), new DateOnly(2026, 5, 11)), "ja", ReportFormat.Pdf);

    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData("a-b-2026-05-11.en.html", true)]
    [InlineData("a-b-2026-05-10_2026-05-11.ja.pdf", true)]
    [InlineData("a-b-2026-05-11_2026-05-11.ja.pdf", false)]
    [InlineData("a-b-2026-05-12_2026-05-11.ja.pdf", false)]
    [InlineData("a-b-2020-05-12_2026-05-11.ja.pdf", false)]
    [InlineData("a-b-2026-05-11.fr.html", false)]
    [InlineData("a-b-2026-05-11.en.exe", false)]
    [InlineData("a-b-2026-13-11.en.pdf", false)]
    [InlineData("a-2026-05-11.en.pdf", false)]
    [InlineData("../a-b-2026-05-11.en.pdf", false)]
    [InlineData("a-b-../../x.en.pdf", false)]
    [InlineData("a-b-.en.pdf", false)]
    [InlineData("a-b-2026-05-11.r2.en.html", true)]
    [InlineData("a-b-2026-05-11.r13.en.pdf", true)]
    [InlineData("a-b-2026-05-11.r1.en.html", false)]
    [InlineData("a-b-2026-05-11.r02.en.html", false)]
    [InlineData("a-b-2026-05-11.r-2.en.html", false)]
    [InlineData("a-b-2026-05-11.r2.r3.en.html", false)]
    [InlineData("a-b-2026-05-11.2.en.html", false)]
    [InlineData("", false)]
    public void Only_names_of_reports_name_a_file(string file, bool isOne) => Assert.Equal(isOne ? file : null, ReportName.Parse(s_site, file)?.File);

    [Fact]
    public void What_is_written_is_listed_opened_and_for_its_account_alone()
    {
        var shelf = new ReportShelf(_folder.Path);
        Assert.Empty(shelf.List(s_site));

        shelf.Write(s_name, "%PDF-old"u8);
        shelf.Write(s_name, "%PDF-new"u8);
        File.WriteAllText(Path.Combine(_folder.Path, "a-b", "notes.txt"), "of somebody");

        var kept = Assert.Single(shelf.List(s_site));
        Assert.Equal((s_name, 8), (kept.Name, kept.Bytes));
        using var text = new StreamReader(shelf.Open(s_name)!);
        Assert.Equal("%PDF-new", text.ReadToEnd());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "a-b", s_name.File)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder.Path, "a-b")));
        Assert.Null(shelf.Open(s_name with { Language = "en" }));
    }

    [Fact]
    public void Revisions_stand_beside_each_other_the_newest_first()
    {
        var shelf = new ReportShelf(_folder.Path);
        Assert.Equal((1, null), (shelf.NextRevision(s_name), shelf.Newest(s_name)));
        shelf.Write(s_name, "one"u8);
        shelf.Write(s_name with { Revision = 10, Format = ReportFormat.Html }, "ten"u8);
        shelf.Write(s_name with { Revision = 2 }, "two"u8);
        // Of other days and another language.
        shelf.Write(s_name with { Revision = 30, Language = "en" }, "x"u8);
        shelf.Write(s_name with { Revision = 40, Period = new Period(s_name.Period.From, s_name.Period.From) }, "x"u8);

        Assert.Equal(["a-b-2026-05-10_2026-05-11.r10.ja.html", "a-b-2026-05-10_2026-05-11.r2.ja.pdf", "a-b-2026-05-10_2026-05-11.ja.pdf"], shelf.List(s_site).Where(r => r.Name.Language == "ja" && r.Name.Period == s_name.Period).Select(r => r.Name.File));
        Assert.Equal((11, 2, 10), (shelf.NextRevision(s_name), shelf.Newest(s_name)!.Name.Revision, shelf.Newest(s_name with { Format = ReportFormat.Html })!.Name.Revision));
    }

    [Fact]
    public void Old_ones_are_deleted_and_nothing_else()
    {
        var shelf = new ReportShelf(_folder.Path);
        shelf.Write(s_name, "x"u8);
        shelf.Write(s_name with { Language = "en" }, "x"u8);
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "a-b", s_name.File), new DateTime(2026, 1, 1));
        var other = Path.Combine(_folder.Path, "a-b", "notes.txt");
        File.WriteAllText(other, "of somebody");
        File.SetLastWriteTimeUtc(other, new DateTime(2026, 1, 1));

        Assert.Equal(1, shelf.Prune(s_site, new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal("en", Assert.Single(shelf.List(s_site)).Name.Language);
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void No_link_is_read_or_written_through()
    {
        using var links = new PlantedLinks();
        var shelf = new ReportShelf(links.Path);
        Directory.CreateDirectory(links.Of("a-b"));
        links.Plant(Path.Combine("a-b", s_name.File));

        Assert.Empty(shelf.List(s_site));
        Assert.Null(shelf.Open(s_name));
        shelf.Write(s_name, "x"u8);

        Assert.Equal(PlantedLinks.Precious, links.Read());
        Assert.Single(shelf.List(s_site));
    }

    public void Dispose() => _folder.Dispose();
}
