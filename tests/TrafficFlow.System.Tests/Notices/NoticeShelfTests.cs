using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Notices;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Notices;

public sealed class NoticeShelfTests : IDisposable
{
    private static readonly NoticePerson[] s_persons = [new("鋼管 太郎", Duty.Custodian, new(2027, 3, 1))];

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-notices-").FullName;

    private static Site Site { get; } = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;

    [Fact]
    public async Task A_published_version_is_kept_whole_with_its_day_hashes_and_persons()
    {
        var desk = Desk(s_persons);

        var first = await desk.PublishAsync(Site, "anna", new FakePrinter(), CancellationToken.None);
        var second = await desk.PublishAsync(Site, "anna", null, CancellationToken.None);

        Assert.Equal([2, 1], desk.Shelf.List(Site.Id).Select(n => n.Version));
        Assert.Equal(8, first.Files.Count);
        Assert.Equal(["kokandori-guideline-v2.en.html", "kokandori-guideline-v2.ja.html", "kokandori-sign-v2.en.html", "kokandori-sign-v2.ja.html"], second.Files.Keys.Order());
        var read = desk.Shelf.List(Site.Id)[1];
        Assert.Equal(("anna", "kokandori", Site.Name, first.PublishedAt), (read.By, read.Site, read.SiteName, read.PublishedAt));
        Assert.Equal(s_persons, read.Persons);
        Assert.Equal(first.Parts, read.Parts);
        Assert.Empty(desk.Shelf.Altered(read));
        var text = await File.ReadAllTextAsync(Path.Combine(desk.Shelf.PlaceOf(Site.Id, 1), "kokandori-guideline-v1.ja.html"), TestContext.Current.CancellationToken);
        Assert.Contains("第1版", text);
        Assert.Contains("鋼管 太郎", text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(desk.Shelf.PlaceOf(Site.Id, 1)));
        Assert.Equal(["v1", "v2"], Directory.GetFileSystemEntries(Path.Combine(_folder, "kokandori")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_was_changed_or_is_gone_is_told()
    {
        var desk = Desk(s_persons);
        var notice = await desk.PublishAsync(Site, "anna", null, CancellationToken.None);
        var place = desk.Shelf.PlaceOf(Site.Id, 1);
        await File.AppendAllTextAsync(Path.Combine(place, "kokandori-sign-v1.ja.html"), " ", TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(place, "kokandori-sign-v1.en.html"));

        Assert.Equal(["kokandori-sign-v1.en.html", "kokandori-sign-v1.ja.html"], desk.Shelf.Altered(notice));
        var finding = NoticeFinding.Of(Site, desk);
        Assert.Equal((CustodyRule.Notice, Requirement.Warn, false), (finding.Rule, finding.Requirement, finding.IsMet));
        Assert.Contains("are not as they were published (kokandori-sign-v1.en.html, kokandori-sign-v1.ja.html)", finding.Text);
    }

    [Fact]
    public async Task A_change_of_policy_or_persons_is_told_until_it_is_published()
    {
        IReadOnlyList<NoticePerson>? persons = s_persons;
        var desk = new NoticeDesk(new NoticeShelf(_folder), _ => persons, TimeProvider.System);
        Assert.StartsWith("no notice of this site was published: look at it with trafficflow notice, then trafficflow notice publish", NoticeFinding.Of(Site, desk).Text);

        await desk.PublishAsync(Site, "anna", null, CancellationToken.None);
        Assert.True(NoticeFinding.Of(Site, desk).IsMet);
        Assert.Contains("tells what is in force", NoticeFinding.Of(Site, desk).Text);

        var changed = Site with { Custody = Site.Custody! with { TwoPersons = TwoPersonRule.Off, Requests = new(30) } };
        persons = [.. s_persons, new NoticePerson("産業 花子", Duty.Operator)];
        Assert.StartsWith("persons, requests, two-person rule changed since version 1 of ", NoticeFinding.Of(changed, desk).Text);
        Assert.True(NoticeFinding.Of(changed, desk).IsUnmet);

        await desk.PublishAsync(changed, "anna", null, CancellationToken.None);
        Assert.True(NoticeFinding.Of(changed, desk).IsMet);
        // Nobody can tell who is appointed now: those of the version stay, and are not compared.
        persons = null;
        Assert.True(NoticeFinding.Of(changed, desk).IsMet);
        Assert.Equal(2, desk.Facts(changed).Persons.Count);
    }

    [Theory]
    [InlineData("", "is not what was written")]
    [InlineData("{", "is not what was written")]
    [InlineData("null", "it holds nothing")]
    [InlineData("{ \"version\": 1 }", "is not what was written")]
    [InlineData("OTHER VERSION", "it says version 7 of kokandori")]
    [InlineData("OTHER FILES", "it names files elsewhere")]
    public async Task A_version_that_was_edited_by_hand_is_told_with_what_to_do(string text, string told)
    {
        var desk = Desk(s_persons);
        await desk.PublishAsync(Site, "anna", null, CancellationToken.None);
        var file = Path.Combine(desk.Shelf.PlaceOf(Site.Id, 1), "version.json");
        var whole = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text switch
        {
            "OTHER VERSION" => whole.Replace("\"version\": 1", "\"version\": 7", StringComparison.Ordinal),
            "OTHER FILES" => whole.Replace("kokandori-sign-v1.ja.html", "../../../etc/passwd", StringComparison.Ordinal),
            _ => text,
        }, TestContext.Current.CancellationToken);

        var error = Assert.Throws<IOException>(() => desk.Shelf.List(Site.Id));

        Assert.Contains(told, error.Message);
        Assert.Contains("bring it back from a backup, or move its folder away and publish again", error.Message);
        Assert.Equal(error.Message, NoticeFinding.Of(Site, desk).Text);
    }

    [Fact]
    public async Task Of_two_that_publish_at_once_one_wins_and_the_other_is_told()
    {
        var shelf = new NoticeShelf(_folder);
        var notice = (await Desk(s_persons).PublishAsync(Site, "anna", null, CancellationToken.None)) with { Version = 2 };
        shelf.Publish(notice, new Dictionary<string, byte[]> { ["a.html"] = [1] });

        var error = Assert.Throws<IOException>(() => shelf.Publish(notice with { By = "bob" }, new Dictionary<string, byte[]> { ["a.html"] = [2] }));

        Assert.Contains("version 2 of kokandori was published meanwhile", error.Message);
        Assert.Equal("anna", shelf.Newest(Site.Id)!.By);
        Assert.Empty(shelf.Altered(shelf.Newest(Site.Id)!));
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_folder, "kokandori")).Length);
    }

    [Fact]
    public async Task A_printer_that_fails_publishes_nothing()
    {
        await Assert.ThrowsAsync<PdfException>(() => Desk(s_persons).PublishAsync(Site, "anna", new FakePrinter { Fails = true }, CancellationToken.None));

        Assert.Empty(new NoticeShelf(_folder).List(Site.Id));
    }

    [Fact]
    public async Task A_version_that_is_a_link_is_none()
    {
        var desk = Desk(s_persons);
        await desk.PublishAsync(Site, "anna", null, CancellationToken.None);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "kokandori", "v9"), desk.Shelf.PlaceOf(Site.Id, 1));
        Directory.CreateDirectory(Path.Combine(_folder, "kokandori", "v0"));
        Directory.CreateDirectory(Path.Combine(_folder, "kokandori", "vx"));

        Assert.Equal([1], desk.Shelf.List(Site.Id).Select(n => n.Version));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private NoticeDesk Desk(IReadOnlyList<NoticePerson>? persons) => new(new NoticeShelf(_folder), _ => persons, TimeProvider.System);

    private sealed class FakePrinter : IPdfPrinter
    {
        public bool Fails { get; init; }

        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation) => Fails ? throw new PdfException("no printer") : Task.FromResult<byte[]>([.. "%PDF-"u8, .. System.Text.Encoding.UTF8.GetBytes(html)]);
    }
}
