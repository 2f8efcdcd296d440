using System.Globalization;
using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Proposal;

/// <summary>Do gates that are proposed without a site file find the streams that people drew gates across, and count as many?</summary>
internal sealed class ProposalBenchmark : IBenchmark
{
    private static readonly string[] Clips = ["blackfriars", "elephant", "hydepark", "road_barrier", "stuttgart", "suburb_37s"];

    public string Name => "proposal";

    public string Description =>
        """
        Gates proposed without a site file, against the gates that people drew on six clips, with the detector in the box, with
        person-vehicle-bike-detection-2004 and with motion. A hand-drawn gate's stream is found where vehicles that pass it also pass one proposed
        gate. A person's gate may leave lanes of the stream out: vehicles that pass its line beyond its ends are counted apart.
          hand_gates, found                  directions of hand-drawn gates with truth; should be equal
          hand_count, proposed_count         crossings of hand-drawn gates (masks of the site file on), and of the proposed gates for them
          beyond_hand_gates                  of the latter, those that pass beside the hand-drawn gate
          difference_percent                 (proposed - beyond - hand) / hand; should be within 10
          truth_count                        crossings that people saw at their gates, optional ones left out
          pvb_2004_..., motion_...           the same with these detectors
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var figures = new Figures();
        var clips = isQuick ? Clips[..4] : Clips;
        await AddAsync(figures, "", clips, BuiltInWeights.Model("vehicles", BuiltInPrecision.Float32, null, null), cancellation);
        await AddAsync(figures, "pvb_2004_", clips, new OnnxModelSettings("pvb_2004", RepositoryFiles.Shared("models/pvb_2004_256x448.onnx")), cancellation);
        await AddAsync(figures, "motion_", clips, null, cancellation);
        return figures;
    }

    private static async Task AddAsync(Figures figures, string prefix, string[] clips, OnnxModelSettings? model, CancellationToken cancellation)
    {
        var results = new List<GateResult>();
        foreach (var clip in clips) results.AddRange(await MeasureAsync(clip, model, cancellation));
        var (hand, proposed, beyond) = (results.Sum(r => r.Hand), results.Sum(r => r.Proposed), results.Sum(r => r.Beyond));
        figures.Add($"{prefix}hand_gates", results.Count)
            .Add($"{prefix}found", results.Count(r => r.Stream is not null))
            .Add($"{prefix}hand_count", hand)
            .Add($"{prefix}proposed_count", proposed)
            .Add($"{prefix}beyond_hand_gates", beyond)
            .Add($"{prefix}difference_percent", 100.0 * (proposed - beyond - hand) / hand, 1)
            .Add($"{prefix}truth_count", results.Sum(r => r.Truth));
    }

    private static async Task<List<GateResult>> MeasureAsync(string clip, OnnxModelSettings? model, CancellationToken cancellation)
    {
        var masked = SiteSettings.Load(RepositoryFiles.Shared($"data/sites/{clip}.conf")).Site.Cameras[0];
        var bare = masked with { Masks = [], Gates = [] };
        var byHand = Count(masked, await DetectAsync(masked, model, cancellation), null);
        var found = await DetectAsync(bare, model, cancellation);
        var recorder = new PathRecorder(bare.Frame, ProposalSettings.Default);
        Count(bare, found, recorder);
        var proposal = SiteProposer.Propose(recorder.Paths(), bare.Frame);
        // One run with both, so that the same track can be seen at both; and the hand-drawn gates prolonged beyond their ends.
        var prolonged = masked.Gates.Select(g => Prolonged(g)).ToList();
        var both = Count(bare with { Gates = [.. proposal.Gates.Select(g => g.Gate), .. prolonged, .. masked.Gates] }, found, null);

        var results = new List<GateResult>();
        foreach (var gate in CrossingFiles.ReadTruth(RepositoryFiles.Shared($"data/truth/{clip}.csv")).GroupBy(t => (t.Gate, t.Direction)))
        {
            bool IsAt(Crossing c, string id) => c.Gate.Value == id && c.Direction == gate.Key.Direction;
            var id = gate.Key.Gate.Value;
            var own = both.Where(c => IsAt(c, id)).Select(c => c.Track).ToHashSet();
            var beside = both.Where(c => IsAt(c, Beyond + id)).Select(c => c.Track).Except(own).ToHashSet();
            var stream = both
                .Where(c => proposal.Gates.Any(g => g.Gate.Id == c.Gate))
                .GroupBy(c => (c.Gate, c.Direction))
                .Select(g => (g.Key, Count: g.Count(), Common: g.Count(c => own.Contains(c.Track)), Beyond: g.Count(c => beside.Contains(c.Track))))
                .Where(g => g.Common > 0)
                .OrderByDescending(g => g.Common)
                .FirstOrDefault();
            var result = new GateResult(
                gate.Count(t => !t.IsOptional), byHand.Count(c => IsAt(c, id)), stream.Count, stream.Beyond, stream.Common > 0 ? stream.Key.Gate : null);
            results.Add(result);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clip} {model?.Name ?? "motion"}: {id} {gate.Key.Direction}: truth {result.Truth}, by hand {result.Hand}, {result.Stream?.Value ?? "not found"} {result.Proposed} ({stream.Common} in common, {result.Beyond} beside the hand-drawn gate); {proposal.Gates.Count} gates proposed"));
        }

        return results;
    }

    private const string Beyond = "beyond-";

    /// <summary>The same line, as long as the picture allows.</summary>
    private static Gate Prolonged(Gate gate)
    {
        var (dx, dy) = (gate.To.X - gate.From.X, gate.To.Y - gate.From.Y);
        return gate with { Id = new GateId(Beyond + gate.Id), From = At(-10), To = At(11) };

        PicturePoint At(double share) => new(gate.From.X + (share * dx), gate.From.Y + (share * dy));
    }

    private static async Task<Found> DetectAsync(CameraSetup camera, OnnxModelSettings? model, CancellationToken cancellation)
    {
        using var network = model is null ? null : OnnxModel.Load(model, 1);
        using IVehicleDetector detector = network is null
            ? new MotionDetector(camera.Frame, MotionSettings.Default)
            : new OnnxDetector(network, camera.Frame.Width, camera.Frame.Height);
        var factory = new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System);
        await BackgroundLesson.TeachAsync(detector, camera, factory, cancellation);
        var frames = new List<(DateTimeOffset, Detection[])>();
        var detections = new List<Detection>();
        await using var reader = await factory.OpenAsync(camera, cancellation);
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                detector.Detect(frame, detections);
                frames.Add((frame.EventTime, [.. detections]));
            }
        }

        return new Found(detector.Identity.Scores, frames);
    }

    private static List<Crossing> Count(CameraSetup camera, Found found, PathRecorder? recorder)
    {
        var pipeline = new CameraPipeline(camera, found.Scores);
        var (output, crossings) = (new PipelineOutput(), new List<Crossing>());
        foreach (var (time, detections) in found.Frames)
        {
            pipeline.Process(time, detections, output);
            recorder?.Add((time - DateTimeOffset.UnixEpoch).TotalSeconds, output, detections);
            crossings.AddRange(output.Crossings);
        }

        pipeline.Finish(output);
        crossings.AddRange(output.Crossings);
        return crossings;
    }

    private sealed record Found(ScoreBands Scores, IReadOnlyList<(DateTimeOffset Time, Detection[] Detections)> Frames);

    private sealed record GateResult(int Truth, int Hand, int Proposed, int Beyond, GateId? Stream);
}
