using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Mark.Desk;

/// <summary>What `count` and `score --json` do, for a clip of a node: the count's files lie beside the clip, the report with the scores of the site.</summary>
internal static class ClipScore
{
    private const string Crossings = "crossings.csv";
    private const string Summary = "summary.json";

    /// <param name="report">Where the report goes.</param>
    /// <returns>Why less than the whole clip was counted; null where all was.</returns>
    /// <exception cref="JobFailedException">It cannot be counted, or its marks cannot be read.</exception>
    public static async Task<string?> WriteAsync(SiteSettings settings, CameraSetup camera, string clip, string report, QuietJob quiet, CancellationToken cancellation)
    {
        var (truth, folder) = (ClipFolder.TruthOf(clip), ClipFolder.CountOf(clip));
        ClipFolder.RefuseLink(truth);
        ClipFolder.RefuseLink(folder);
        var (counted, summary) = (Path.Combine(folder, Crossings), Path.Combine(folder, Summary));
        // Those of an older count would be taken for this one's.
        foreach (var old in new[] { counted, summary }.Where(File.Exists)) File.Delete(old);
        string? problem = null;
        try
        {
            var recording = RecordingStart.Of([clip], start: null, settings.Site.TimeZone);
            await new CountJob(settings.Site, camera, recording, settings.Detectors, new CountOptions([clip], folder, Film: null, AsJson: false)) { Quiet = quiet }.RunAsync(cancellation);
        }
        catch (JobFailedException e) when (File.Exists(counted) && File.Exists(summary))
        {
            // The marks go as far as the count does.
            problem = e.Message;
        }

        var score = ScoreCommand.Score(new RecordingPair(truth, counted, SecondsOf(summary)), ScoreCommand.UsualTolerance, camera.Id.Value);
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        FileDraft.Write(report, ScoreJson.Write([score], ScoreCommand.UsualTolerance, ScoreCommand.UsualSegment) + "\n");
        return problem;
    }

    /// <summary>Of the video, as the count has it.</summary>
    private static double? SecondsOf(string file)
    {
        using var summary = JsonDocument.Parse(File.ReadAllBytes(file));
        return summary.RootElement.GetProperty("seconds").GetDouble() is > 0 and var seconds ? seconds : null;
    }
}
