using System.Text;
using System.Text.Json.Nodes;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

public sealed class StudyFileTests : IDisposable
{
    private static readonly JunctionStudy s_study = SampleStudy.Of();

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_study_is_read_as_it_was_written()
    {
        var file = Path.Combine(_folder, "study.json");
        StudyFile.Write(file, s_study);

        var read = StudyFile.Read(file);

        Assert.Equal(Encoding.UTF8.GetString(StudyFile.ToBytes(s_study)), Encoding.UTF8.GetString(StudyFile.ToBytes(read)));
        Assert.Equal(s_study.Subject.SiteName, read.Subject.SiteName);
        Assert.Equal(s_study.Signals.Coordination[0].Points, read.Signals.Coordination[0].Points);
        Assert.Equal(s_study.Proposals[0].Timing.Today.Plan, read.Proposals[0].Timing.Today.Plan);
        Assert.Equal(s_study.Approaches[0].VehicleHoursLost, read.Approaches[0].VehicleHoursLost);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    /// <summary>Whatever is left out of it, it is not taken for whole.</summary>
    [Fact]
    public void A_study_that_was_cut_anywhere_is_refused()
    {
        var bytes = StudyFile.ToBytes(s_study);
        for (var length = 0; length < bytes.Length; length += 97) Assert.Contains("copy it again", Refused(bytes[..length]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study.subject", "span")]
    [InlineData("study.signals.coordination.0", "cycleSeconds")]
    [InlineData("study.signals.inferred.plans.0.cycleSeconds", "high")]
    [InlineData("study.proposals.0.timing.today.plan", "stages")]
    [InlineData("study.approaches.0.levels.1", "delaySeconds")]
    public void What_lacks_a_field_is_refused_and_names_where(string path, string field)
    {
        var json = JsonNode.Parse(StudyFile.ToBytes(s_study))!;
        Assert.True(At(json, path).AsObject().Remove(field));

        Assert.Contains($"$.{path.Split('.')[0]}", Refused(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study.subject", "site", "\"../../etc\"")]
    [InlineData("study.subject", "newField", "1")]
    [InlineData("study.subject", "timeZone", "\"Mars/Olympus\"")]
    [InlineData("study.approaches.0", "approach", "null")]
    [InlineData("study.approaches", "0", "null")]
    [InlineData("study.approaches.0.levels.1", "level", "\"jammed\"")]
    [InlineData("study.approaches.0.levels.1", "level", "3")]
    [InlineData("study.signals.profiles.0", "group", "9")]
    [InlineData("study.movements.0", "plan", "1")]
    [InlineData("study.movements", null, "null")]
    public void What_was_changed_by_hand_to_nonsense_is_refused(string path, string? field, string value)
    {
        var json = JsonNode.Parse(StudyFile.ToBytes(s_study))!;
        if (field is null) (path, field) = (path[..path.LastIndexOf('.')], path[(path.LastIndexOf('.') + 1)..]);
        if (At(json, path) is JsonArray array) array[int.Parse(field, null)] = JsonNode.Parse(value);
        else At(json, path)[field] = JsonNode.Parse(value);

        Assert.Contains("anew", Refused(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "no study")]
    [InlineData("[1]", "no study")]
    [InlineData("{\"schema\": \"trafficflow-study\", \"version\": 2, \"study\": {}}", "a newer one")]
    [InlineData("{\"schema\": \"trafficflow-study\", \"version\": 0, \"study\": {}}", "never was")]
    [InlineData("{\"schema\": \"trafficflow-study\", \"version\": 1}", "not a whole study")]
    [InlineData("{\"schema\": \"trafficflow-study\", \"version\": 1, \"study\": null}", "not a whole study")]
    [InlineData("SITE;x;y", "not a whole study")]
    public void What_is_no_study_says_what_it_is_instead(string text, string said) => Assert.Contains(said, Refused(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_says_so() =>
        Assert.Contains("cannot be read", Assert.Throws<StudyFileException>(() => StudyFile.Read(Path.Combine(_folder, "none.json"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a-b-20260405T150000Z_20260412T150000Z.study.json", true)]
    [InlineData("a-b-20260405T150000Z_20260412T150000Z.r2.study.json", true)]
    [InlineData("a-b-20260405T150000Z_20260412T150000Z.r1.study.json", false)]
    [InlineData("a-b-20260412T150000Z_20260405T150000Z.study.json", false)]
    [InlineData("a-b-20260405T150000_20260412T150000.study.json", false)]
    [InlineData("a-b-20261305T150000Z_20270412T150000Z.study.json", false)]
    [InlineData("a-20260405T150000Z_20260412T150000Z.study.json", false)]
    [InlineData("../a-b-20260405T150000Z_20260412T150000Z.study.json", false)]
    [InlineData("a-b-.study.json", false)]
    [InlineData("a-b.study.json", false)]
    public void Only_names_of_studies_name_a_file(string file, bool isOne) => Assert.Equal(isOne ? file : null, StudyName.Parse(new SiteId("a-b"), file)?.File);

    [Fact]
    public void The_shelf_keeps_revisions_lists_the_latest_first_and_follows_no_link()
    {
        var (shelf, site) = (new StudyShelf(_folder), s_study.Subject.Site);
        Assert.Empty(shelf.List(site));
        var later = s_study with { Subject = s_study.Subject with { Span = new Interval(SampleStudy.Start.AddDays(7), SampleStudy.Start.AddDays(14)) } };

        StudyName[] names = [shelf.Add(s_study), shelf.Add(later), shelf.Add(s_study)];
        File.WriteAllText(Path.Combine(_folder, site.Value, "notes.txt"), "of somebody");
        File.CreateSymbolicLink(Path.Combine(_folder, site.Value, (names[2] with { Revision = 3 }).File), "/etc/passwd");

        Assert.Equal([names[1], names[2], names[0]], shelf.List(site).Select(k => k.Name));
        Assert.Equal(2, shelf.Newest(site, s_study.Subject.Span)!.Name.Revision);
        Assert.Equal(later.Subject.Span, shelf.Read(names[1])!.Subject.Span);
        Assert.Null(shelf.Read(names[2] with { Revision = 3 }));
        Assert.Null(shelf.Read(names[2] with { Revision = 4 }));
        Assert.Equal([names[2], names[0]], shelf.Over(site, SampleStudy.Start.AddDays(7)));
    }

    [Fact]
    public void The_shelf_deletes_what_is_old_and_takes_so_many_of_the_same_time()
    {
        var (shelf, site) = (new StudyShelf(_folder), s_study.Subject.Site);
        for (var i = 0; i < StudyShelf.MostRevisions; i++) shelf.Add(s_study);

        Assert.Contains("are kept already", Assert.Throws<IOException>(() => shelf.Add(s_study)).Message, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, site.Value, new StudyName(site, s_study.Subject.Span).File), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(1, shelf.Prune(site, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(StudyShelf.MostRevisions - 1, shelf.List(site).Count);
    }

    private static string Refused(JsonNode json) => Refused(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Refused(byte[] bytes) => Assert.Throws<StudyFileException>(() => StudyFile.Read(new MemoryStream(bytes), "a.json")).Message;

    private static JsonNode At(JsonNode json, string path) => path.Split('.').Aggregate(json, (node, name) => (node is JsonArray array ? array[int.Parse(name, null)] : node[name])!);
}
