using System.Globalization;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>What a site file says of recording.</summary>
public sealed class RecordingSectionTests : IDisposable
{
    private const string Site = "trafficflow.site.recording";
    private const string Cam = "trafficflow.site.cameras.cam1.recording";
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string, string> Bad => new()
    {
        { "record = always", $"{Site}.record: \"always\" is not a way to record; ways: evaluation, off, on, schedule" },
        { "record = scedule, hours = []", $"{Site}.record: \"scedule\" is not a way to record; did you mean schedule?" },
        { "record = schedule", $"{Site}.hours: is missing; say when: hours = [ {{ days = [mon, tue, wed, thu, fri], from = \"07:00\", to = \"19:00\" }} ]" },
        { "record = schedule, hours = []", $"{Site}.hours: is empty; name at least one: {{ from = \"07:00\", to = \"19:00\" }}" },
        { "record = schedule, hours = [ { from = \"7\", to = \"19:00\" } ]", $"{Site}.hours[0].from: \"7\" is not a time of the day; write a time of the day such as \"07:00\"" },
        { "record = schedule, hours = [ { from = \"07:00\", to = \"24:30\" } ]", $"{Site}.hours[0].to: \"24:30\" is not a time of the day; write a time of the day such as \"19:00\" or \"24:00\"" },
        { "record = schedule, hours = [ { from = \"07:00\" } ]", $"{Site}.hours[0].to: is missing; write a time of the day such as \"19:00\" or \"24:00\"" },
        { "record = schedule, hours = [ { days = [monday], from = \"07:00\", to = \"19:00\" } ]", $"{Site}.hours[0].days[0]: \"monday\" is not a day; write mon, tue, wed, thu, fri, sat or sun" },
        { "record = schedule, hours = [ { days = [], from = \"07:00\", to = \"19:00\" } ]", $"{Site}.hours[0].days: names no day; write those on which the hours begin, or remove it for all" },
        { "record = schedule, hours = [ { day = [mon], from = \"07:00\", to = \"19:00\" } ]", $"{Site}.hours[0].day: is not a known key; did you mean days?" },
        { "record = schedule, hours = [ daily ]", $"{Site}.hours[0]: is not a section; write {{ … }}" },
        { "record = on, hours = [ { from = \"07:00\", to = \"19:00\" } ]", $"{Site}.hours: has no effect with record = on; write record = schedule, or remove it" },
        { "record = on, until = \"2026-12-31\"", $"{Site}.until: has no effect with record = on; write record = evaluation, or remove it" },
        { "record = evaluation, until = \"2026-12-31\"", $"{Site}.reason: is missing; say what is evaluated: it stands in the list of recordings and in the notice" },
        { "record = evaluation, reason = x", $"{Site}.until: is missing; set the last day of the evaluation, such as until = \"2026-12-31\", or a time, such as \"2026-12-31T18:00\", by the clock of the site" },
        { "record = evaluation, reason = x, until = \"31.12.2026\"", $"{Site}.until: \"31.12.2026\" is neither a date nor a time; set the last day of the evaluation, such as until = \"2026-12-31\", or a time, such as \"2026-12-31T18:00\", by the clock of the site" },
        { "hours = [ { from = \"07:00\", to = \"19:00\" } ]", $"{Site}.hours: has no effect without record; add record = schedule, or record = evaluation" },
        { "record = on, segment = 1s", $"{Site}.segment: 1s is out of range; set a time from 5s to 10m, with its unit: ms, s, m, h or d" },
        { "record = on, segment = 60", $"{Site}.segment: \"60\" is not a time; set a time from 5s to 10m, with its unit: ms, s, m, h or d" },
        { "record = on, quality = 0", $"{Site}.quality: 0 is out of range; set a number from 16 to 40 (constant rate factor: lower is better and larger)" },
        { "record = on, bitrate = 10", $"{Site}.bitrate: 10 is out of range; set a number from 50 to 50000 (kbit/s)" },
        { "record = on, fps = 5", $"{Site}.fps: is not a known key; known keys: bitrate, hours, quality, reason, record, segment, until" },
    };

    [Fact]
    public void A_site_that_says_nothing_records_nothing() => Assert.Equal(RecordingSettings.Off, Of("", ""));

    [Fact]
    public void A_site_says_when_and_how()
    {
        var settings = Of("record = schedule, hours = [ { days = [mon, fri], from = \"07:00\", to = \"19:30\" }, { from = \"22:00\", to = \"00:00\" } ], segment = 2m, quality = 28, bitrate = 900", "");

        Assert.Equal([new(WeekDays.Monday | WeekDays.Friday, 420, 1170), new(WeekDays.All, 1320, 1440)], settings.Plan.Hours);
        Assert.Equal((RecordingMode.Schedule, "Asia/Tokyo", TimeSpan.FromMinutes(2), 28, 900), (settings.Plan.Mode, settings.Plan.Zone.Id, settings.SegmentLength, settings.Quality, settings.MostKilobits));
    }

    [Fact]
    public void An_evaluation_has_a_reason_and_ends_by_the_clock_of_the_site()
    {
        var plan = Of("record = evaluation, until = \"2026-12-31\", reason = \"a manual count\"", "").Plan;

        Assert.Equal((RecordingMode.Evaluation, DateTimeOffset.Parse("2027-01-01T00:00+09:00", CultureInfo.InvariantCulture), "a manual count"), (plan.Mode, plan.End, plan.Reason));
    }

    [Fact]
    public void What_a_camera_says_takes_the_place_of_what_the_site_says()
    {
        const string Hours = "record = schedule, hours = [ { from = \"07:00\", to = \"19:00\" } ], quality = 28";

        Assert.Equal((RecordingMode.Schedule, 30), (Of(Hours, "quality = 30").Plan.Mode, Of(Hours, "quality = 30").Quality));
        Assert.Equal((RecordingMode.Off, 28), (Of(Hours, "record = off").Plan.Mode, Of(Hours, "record = off").Quality));
        Assert.Equal((RecordingMode.On, 0), (Of(Hours, "record = on").Plan.Mode, Of(Hours, "record = on").Plan.Hours.Count));
    }

    [Fact]
    public void What_belongs_to_a_plan_may_stay_while_it_is_off() =>
        Assert.Equal(RecordingMode.Off, Of("record = off, hours = [ { from = \"07:00\", to = \"19:00\" } ], until = \"2026-12-31\", reason = x", "").Plan.Mode);

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_slip_is_told_with_what_to_do(string recording, string told)
    {
        var problems = Assert.Throws<SettingsException>(() => Load(recording, "")).Problems.Select(p => $"{p.Key}: {p.Text}; {p.Remedy}").ToList();
        Assert.Contains(told, problems);

        var ofCamera = Assert.Throws<SettingsException>(() => Load("", recording)).Problems.Select(p => $"{p.Key}: {p.Text}; {p.Remedy}");
        Assert.Contains(told.Replace(Site, Cam, StringComparison.Ordinal), ofCamera);
    }

    [Fact]
    public void A_reason_has_its_length() =>
        Assert.Contains("has 201 characters; say it in 200", Assert.Throws<SettingsException>(() => Load($"record = evaluation, until = \"2026-12-31\", reason = \"{new string('x', 201)}\"", "")).Message);

    [Fact]
    public void The_example_says_what_it_shows()
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf"));
        var shown = text.Split('\n').SkipWhile(l => l != "  # recording {").TakeWhile(l => l.StartsWith("  #", StringComparison.Ordinal)).Select(l => l.Replace("  # ", "", StringComparison.Ordinal));
        var camera = text.Split('\n').Single(l => l.Contains("# recording { record = evaluation", StringComparison.Ordinal)).Replace("# recording {", "", StringComparison.Ordinal).Trim()[..^1];

        Assert.Equal(RecordingMode.Schedule, Of(string.Join('\n', shown.Skip(1).SkipLast(1)), "").Plan.Mode);
        Assert.Equal(RecordingMode.Evaluation, Of("", camera).Plan.Mode);
    }

    public void Dispose() => _folder.Dispose();

    private RecordingSettings Of(string site, string camera) => Load(site, camera).Recording[new CameraId("cam1")];

    private SiteSettings Load(string site, string camera)
    {
        var text = SettingsFolder.GoodSite;
        if (site.Length > 0) text = text.Replace("name = Crossing", $"name = Crossing\n  recording {{ {site}\n }}", StringComparison.Ordinal);
        if (camera.Length > 0) text = text.Replace("detector = default", $"detector = default\n  recording {{ {camera}\n }}", StringComparison.Ordinal);
        return SiteSettings.Load(_folder.Write("site.conf", text));
    }
}
