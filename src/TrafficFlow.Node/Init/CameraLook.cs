using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Annotation;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Init;

/// <summary>A camera with the gates that were proposed for it.</summary>
/// <param name="Problem">Why there are none; empty where there are some.</param>
internal sealed record SetUpCamera(NewCamera Camera, FrameFormat Frame, SiteProposal Proposal, string Problem);

/// <summary>Tries a camera: whether it gives pictures, and where vehicles pass in them.</summary>
internal sealed class CameraLook(DetectorCatalog catalog, TimeProvider time)
{
    private static readonly SiteProposal Nothing = new([], [], []);

    public static SetUpCamera Untried(NewCamera camera) => new(camera, SitelessCount.Format(null), Nothing, "it was not tried");

    /// <summary>Opens it and takes one picture, which nobody sees.</summary>
    /// <exception cref="FrameSourceException">It gives none; the message says why and what to do.</exception>
    public async Task<string> TryAsync(NewCamera camera, CancellationToken cancellation)
    {
        if (ReplaySource.IsReplay(camera.Source)) return "known vehicles, without a picture";
        var setup = Setup(camera, await FormatAsync(camera, cancellation));
        var began = time.GetTimestamp();
        await using var reader = await OpenAsync(setup, cancellation);
        using var picture = await reader.ReadAsync(cancellation)
            ?? throw new FrameSourceException(FrameSourceFailure.Empty, $"{camera.Shown}: no picture in it: check that it is a video");
        return $"a picture after {time.GetElapsedTime(began).TotalSeconds:0.0} s";
    }

    /// <param name="picture">File for the scene with the proposed gates: people and near vehicles are coarse in it.</param>
    /// <exception cref="FrameSourceException">It gives no frame.</exception>
    public async Task<SetUpCamera> WatchAsync(NewCamera camera, double seconds, string picture, CancellationToken cancellation)
    {
        if (ReplaySource.IsReplay(camera.Source)) return new SetUpCamera(camera, SitelessCount.Format(null), Nothing, "it has no picture: write the gates that its vehicles are counted at, as in hocon/sites/replay.conf");
        var format = await FormatAsync(camera, cancellation);
        var setup = Setup(camera, format);
        var site = new Site(new SiteId("init"), "", TimeZoneInfo.Utc, [], [setup], "");
        using var detectors = new VehicleDetectorFactory([new SiteSettings("", site, catalog)]);
        using var detector = detectors.Create(setup);
        using var look = new FirstPass(setup, detector, time);
        await using (var reader = await OpenAsync(setup, cancellation))
            await CountProgress.RunAsync($"watching {camera.Id}", (long)(seconds * format.FramesPerSecond), time, tick => look.WatchAsync(reader, seconds, tick, cancellation));
        if (look.Seconds == 0) return new SetUpCamera(camera, format, Nothing, "it gave no more than a picture");
        using var shown = new ShownPicture();
        shown.Show(look.Scene);
        ProposalOverlay.Draw(shown, look.Proposal);
        shown.SavePng(picture);
        return new SetUpCamera(camera, format, look.Proposal, look.Proposal.Gates.Count > 0 ? "" : $"no vehicle was seen to drive along in {look.Seconds:0} s");
    }

    private static CameraSetup Setup(NewCamera camera, FrameFormat format) => new(camera.Id, camera.Source, format, CameraSection.DefaultDetector, [], [], []);

    /// <summary>A camera's picture is asked for in the usual size; a file's has a size and a rate of its own.</summary>
    private static async Task<FrameFormat> FormatAsync(NewCamera camera, CancellationToken cancellation) =>
        SyntheticSource.IsSynthetic(camera.Source) || VideoSource.Parse(camera.Source).IsLive
            ? SitelessCount.Format(null)
            : SitelessCount.Format(await VideoFile.ProbeAsync(camera.Source, cancellation));

    private async Task<IFrameReader> OpenAsync(CameraSetup setup, CancellationToken cancellation) =>
        await new FrameReaderFactory(time.GetUtcNow(), FfmpegTimeouts.Default, time).OpenAsync(setup, cancellation);
}
