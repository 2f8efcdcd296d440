using TrafficFlow.Core.Scoring;
using TrafficFlow.Node.Score;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

/// <summary>The real clips, each counted once by the real executable and then shared by the tests.</summary>
public sealed class CountedClips : IDisposable
{
    /// <summary>With truth made by people.</summary>
    public static readonly IReadOnlyList<string> Names = ["blackfriars", "elephant", "hydepark", "road_barrier", "stuttgart", "suburb_37s"];

    private const double ToleranceSeconds = 0.8;

    private readonly SettingsFolder _folder = new();
    private readonly Dictionary<(string, string), CountedClip> _counted = [];

    internal static string Video(string clip) => SharedFiles.Shared($"data/clips/{clip}.mp4");

    internal static string Site(string clip) => SharedFiles.Shared($"data/sites/{clip}.conf");

    internal static string Model => SharedFiles.Shared("models/pvb_2004_256x448.onnx");

    internal static string[] Network => ["--model", Model];

    internal static string[] Motion => ["--detector", "motion"];

    internal string Folder(string name) => Path.Combine(_folder.Path, name);

    internal string Film => Folder("road_barrier film.mp4");

    /// <summary>The one of road_barrier with the network also writes <see cref="Film"/>.</summary>
    internal async Task<CountedClip> CountAsync(string clip, string[] detector)
    {
        var key = (clip, string.Join(' ', detector));
        if (_counted.TryGetValue(key, out var known)) return known;
        string[] film = clip == "road_barrier" && detector[0] == "--model" ? ["--video", Film] : [];
        var counted = await RunAsync(clip, Folder($"{clip} {detector[0].TrimStart('-')}"), [.. detector, .. film]);
        _counted.Add(key, counted);
        return counted;
    }

    internal static async Task<CountedClip> RunAsync(string clip, string folder, string[] options)
    {
        var ended = await TrafficflowProcess.RunAsync(["count", Video(clip), "--site", Site(clip), "--out", folder, "--json", .. options]);
        Assert.True(ended.Code == 0, $"{clip}: {ended.Error}");
        return new CountedClip(clip, folder, ended.Output);
    }

    internal static CountScore Score(CountedClip counted) => Scorer.Score(
        CrossingFiles.ReadTruth(SharedFiles.Shared($"data/truth/{counted.Clip}.csv")),
        CrossingFiles.ReadCounted(Path.Combine(counted.Folder, "crossings.csv"), null),
        ToleranceSeconds);

    public void Dispose() => _folder.Dispose();
}

/// <param name="Output">What it printed: summary.json.</param>
internal sealed record CountedClip(string Clip, string Folder, string Output)
{
    public byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
