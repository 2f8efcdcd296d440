using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>Opens every camera and takes one picture of it, which nobody sees.</summary>
internal static class CameraChecks
{
    private const int AtATime = 4;
    private static readonly TimeSpan PictureWithin = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, TimeProvider time, CancellationToken cancellation)
    {
        var cameras = node.Cameras;
        var findings = new Finding[cameras.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, cameras.Count), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (i, token) => findings[i] = await TryAsync(cameras[i], node.FfmpegTimeouts, time, token));
        return findings;
    }

    private static async Task<Finding> TryAsync(CameraSetup camera, FfmpegTimeouts timeouts, TimeProvider time, CancellationToken cancellation)
    {
        var what = $"camera {camera.Id}";
        if (SyntheticSource.IsSynthetic(camera.Source)) return Finding.Good(what, $"{camera.Source}: painted by the program");
        if (ReplaySource.IsReplay(camera.Source)) return Finding.Good(what, $"{camera.Source}: known vehicles, without a picture");
        var shown = VideoSource.Parse(camera.Source).Shown;
        var began = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PictureWithin);
        try
        {
            await using var reader = await new FrameReaderFactory(time.GetUtcNow(), timeouts, time).OpenAsync(camera, limit.Token);
            using var picture = await reader.ReadAsync(limit.Token);
            return picture is null
                ? Finding.Bad(what, $"{shown}: no picture in it: check that it is a video")
                : Finding.Good(what, $"{shown}: a picture of {picture.Width}x{picture.Height} after {time.GetElapsedTime(began).TotalSeconds:0.0} s{(camera.Gates.Count == 0 ? "; it has no gates, so that it counts nothing" : "")}");
        }
        catch (FrameSourceException e)
        {
            return Finding.Bad(what, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Bad(what, $"{shown}: no picture within {PictureWithin.TotalSeconds:0} s: is the camera, or the disk of the video, very slow?");
        }
    }
}
