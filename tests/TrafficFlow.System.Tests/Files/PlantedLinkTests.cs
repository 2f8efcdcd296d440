using ScottPlot;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Export;
using TrafficFlow.Node.Mark;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Score;
using TrafficFlow.SystemTests.Privacy;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Files;

/// <summary>Whatever writes a file, where another account could lay a link in its way: neither a draft nor the file is written through one.</summary>
[Collection(ProcessesCollection.Name)]
public sealed partial class PlantedLinkTests : IDisposable
{
    private static readonly CameraSetup s_camera = new(new CameraId("cam1"), "a.mp4", new FrameFormat(64, 36, 5), "motion", [], [], []);
    private static readonly Site s_site = new(new SiteId("a"), "a", TimeZoneInfo.Utc, [], [s_camera], "");

    private static readonly Dictionary<string, (string[] Links, Action<string> Write)> s_writers = new()
    {
        ["truth of mark"] = (["truth.csv", "truth.csv.new"], folder => TruthFile.Save(Path.Combine(folder, "truth.csv"), [])),
        ["picture of score"] = (["p.png", "p.png.part"], folder => PictureFile.Save(new Multiplot(), Path.Combine(folder, "p.png"), 64, 64)),
        ["scene of a camera"] = (["cam1.scene", "cam1.scene.part"], folder => new SceneFiles(folder).Save(s_camera, [1, 2, 3])),
        ["cameras of a node"] = (["cameras.txt", "cameras.txt.new"], folder => OutboxJournal.Remember(folder, [s_site])),
        ["process id of a node"] = (["node.pid"], folder => NodeLock.Take(folder).Dispose()),
    };

    private readonly PlantedLinks _folder = new();

    public static TheoryData<string> Writers => [.. s_writers.Keys];

    [Theory]
    [MemberData(nameof(Writers))]
    public void No_writer_follows_a_link(string writer)
    {
        foreach (var link in s_writers[writer].Links) _folder.Plant(link);

        s_writers[writer].Write(_folder.Path);

        Assert.Equal(PlantedLinks.Precious, _folder.Read());
        Assert.Null(new FileInfo(_folder.Of(s_writers[writer].Links[0])).LinkTarget);
    }

    [Fact]
    public async Task A_count_and_its_film_follow_no_link_and_are_for_their_account_only()
    {
        string[] names = ["crossings.csv", "flows.csv", "summary.json", "processing.json", "film.mp4"];
        foreach (var name in names)
        {
            _folder.Plant(name);
            _folder.Plant($"{name}.part");
        }

        var ended = await TrafficflowProcess.RunAsync(
            "count", "synthetic:north?seconds=2", "--site", Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf"), "--camera", "cam-north",
            "--detector", "motion", "--out", _folder.Path, "--video", _folder.Of("film.mp4"));

        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        Assert.Equal(PlantedLinks.Precious, _folder.Read());
        Assert.All(names, n => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Of(n))));
    }

    [Fact]
    public async Task An_export_goes_to_no_place_that_a_link_leads_to()
    {
        _folder.Plant("out.csv.part");
        var file = new RowFile(RowFormat.Csv, _folder.Of("out.csv"));

        await file.WriteAsync(NoRows(), TestContext.Current.CancellationToken);

        Assert.StartsWith("site,", File.ReadAllText(_folder.Of("out.csv")), StringComparison.Ordinal);
        Assert.Equal(PlantedLinks.Precious, _folder.Read());
        Assert.Throws<UsageException>(() => new RowFile(RowFormat.Csv, _folder.PlantToNowhere("other.csv")).CheckFree());
    }

    [Fact]
    public void A_picture_replaces_the_link()
    {
        using var picture = new ShownPicture();
        using var frame = StripedStreet.Frame(null);
        picture.Show(frame, new PictureAreas(frame.EventTime, isWhole: true, []));

        picture.SavePng(_folder.Plant("gates.png"));

        Assert.Equal(PlantedLinks.Precious, _folder.Read());
    }

    [Fact]
    public void A_site_file_that_is_a_link_is_not_calibrated_in_its_place()
    {
        var problem = Assert.Throws<JobFailedException>(() => GroundBlock.Save(_folder.Plant("site.conf"), SettingsFolder.GoodSite, null, new CameraId("cam1"), "x"));

        Assert.Contains($"it is a link to {_folder.Victim}", problem.Message, StringComparison.Ordinal);
        Assert.Equal(PlantedLinks.Precious, _folder.Read());
    }

    [Fact]
    public void A_lock_that_is_a_link_is_refused()
    {
        _folder.PlantToNowhere("node.lock");

        Assert.Contains("it is a link to", Assert.Throws<NodeLockedException>(() => NodeLock.Take(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Nowhere));
    }

    /// <summary>A new writer is a decision: it goes through a draft too, or stands here.</summary>
    [Fact]
    public void Nothing_else_writes_files()
    {
        // Exclusive probes that go with their handle, a lock that is never written to, the demo's log, which is made exclusively, the log file, whose place is looked at for links at the start, and names that
        // databases, files of the audit that are put aside, and whole segments get after a move, which never take another file's place; what is
        // overwritten before it is removed is looked at for links. What a simulator reads lies in a folder that was made for it alone.
        string[] known =
        [
            "TrafficFlow.Analysis/Simulators/Sumo/SumoSimulator.cs",
            "TrafficFlow.Core/Files/FileDraft.cs",
            "TrafficFlow.Node/Demo/DemoLog.cs",
            "TrafficFlow.Node/Logging/NodeLog.cs",
            "TrafficFlow.Node/Run/Preflight/StorageChecks.cs",
            "TrafficFlow.Vault/Audit/AuditChain.cs",
            "TrafficFlow.Vault/Files/Shredding.cs",
            "TrafficFlow.Vault/Segments/SegmentStore.Recovery.cs",
            "TrafficFlow.Vault/Segments/SegmentStore.cs",
            "TrafficFlow.Wire/Journals/JournalCheck.cs",
            "TrafficFlow.Wire/Journals/MovedDatabase.cs",
            "TrafficFlow.Wire/Journals/NodeLock.cs",
        ];
        var source = Path.Combine(SharedFiles.Repository, "src");
        var writers = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && Writer().IsMatch(File.ReadAllText(f)))
            .Select(f => Path.GetRelativePath(source, f)).Order();

        Assert.Equal(known, writers);
    }

    public void Dispose() => _folder.Dispose();

    private static async IAsyncEnumerable<FlowExportRow> NoRows()
    {
        await Task.CompletedTask;
        yield break;
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\bFile\.(Write|Append|Create|Copy|Move|Replace|OpenWrite)|FileMode\.(Create|OpenOrCreate|Append|Truncate)|new StreamWriter\((?!FileDraft|output)|ImWrite|GetTempFileName")]
    private static partial System.Text.RegularExpressions.Regex Writer();
}
