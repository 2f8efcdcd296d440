using System.Diagnostics;
using OpenCvSharp;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>What the parts of the bare loop cost alone, one after the other, so that its own losses can be told.</summary>
internal sealed record MachineLimits(double DecodeMs, double PrepareMs, double InferOneThreadMs, double InferAllThreadsMs)
{
    private const int Inferences = 60;

    public static MachineLimits Measure(CameraSetup camera, string modelFile)
    {
        using var one = BareModel.Load(modelFile, 1);
        using var all = BareModel.Load(modelFile, Environment.ProcessorCount);
        using var model = new BareModel(one, camera.Frame.Width, camera.Frame.Height);
        using var modelOfAll = new BareModel(all, camera.Frame.Width, camera.Frame.Height);
        var log = new FrameLog(100_000);
        using var picture = new Mat();
        BareLoop.ReadAll(camera, p =>
        {
            if (log.Count == 0) p.CopyTo(picture);
            log.Done();
        });
        var first = log.Count / 10;
        var decode = Stopwatch.GetElapsedTime(log.TimeOf(first), log.TimeOf(log.Count - 1)).TotalMilliseconds / (log.Count - 1 - first);
        return new MachineLimits(
            decode, Each(() => model.Prepare(picture)), Each(model.Infer), Each(modelOfAll.Infer));
    }

    private static double Each(Action work)
    {
        for (var i = 0; i < Inferences / 4; i++) work();
        return Enumerable.Range(0, Inferences).Select(_ =>
        {
            var from = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }).Median();
    }
}
