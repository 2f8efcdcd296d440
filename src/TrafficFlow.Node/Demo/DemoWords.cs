using System.Globalization;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Demo;

/// <summary>What a demo says beside its figures: what it waits for, that the machine is too slow, and why nothing came. Pure.</summary>
internal static class DemoWords
{
    /// <summary>Below it nobody would see a difference in the counts.</summary>
    private const double WorthTelling = 0.05;

    /// <summary>Vehicles of which one at least should have been counted, where any can be.</summary>
    private const int ShouldHaveCounted = 4;

    private static readonly double s_degraded = new CameraPolicy().DegradedLoss;

    /// <summary>In the order of their weight; empty where all is well.</summary>
    public static IReadOnlyList<string> Of(DemoState state) => [.. Waiting(state), .. Slow(state.Loss)];

    /// <summary>Of a run that has ended: why it delivered nothing; null where it delivered something, or nobody passed while it watched.</summary>
    public static string? Failure(DemoState state)
    {
        var cameras = state.Figures.Cameras;
        if (cameras.Sum(c => c.Frames) == 0)
        {
            return state.Painted < state.Streets
                ? $"no camera gave a picture: after {state.Running.TotalSeconds:0} s {state.Painted} of {state.Streets} streets were painted. The machine is very busy, or the demo was ended too soon"
                : !state.IsUp
                    ? $"the node had not started after {state.Running.TotalSeconds:0} s. The machine is very busy, or the demo was ended too soon"
                    : $"no camera gave a picture in {state.Running.TotalSeconds:0} s{Reasons(cameras)}";
        }

        if (state.Figures.Lines.Count == 0 || cameras.Max(c => c.ObservedSeconds) <= 0)
            return "the cameras gave pictures, but nothing of them was stored: the part that counts did not answer. The machine is very busy, or the demo was ended too soon";
        return state.Figures is { Counted: 0, True: >= ShouldHaveCounted }
            ? $"{state.Figures.True} vehicles passed and none was counted{(Share(cameras) is > WorthTelling and var lost ? $": {Percent(lost)} of the pictures were left out, since the machine is too slow" : "")}"
            : null;
    }

    /// <summary>Of the whole run, for the summary.</summary>
    public static IEnumerable<string> Lost(DemoFigures figures) =>
        Slow([.. figures.Cameras.Where(c => c.Frames + c.Dropped > 0 && !DemoLoss.IsJunction(c.Camera.Value)).Select(c => new DemoLoss(c.Camera.Value, (double)c.Dropped / (c.Frames + c.Dropped)))]);

    private static IEnumerable<string> Waiting(DemoState state)
    {
        var cameras = state.Figures.Cameras;
        if (state.Painted < state.Streets) yield return $"Painting the street as each camera sees it: {state.Painted} of {state.Streets} are done.";
        else if (!state.IsUp) yield return "The streets are painted; the node starts.";
        else if (cameras.All(c => c.State != CameraState.Streaming)) yield return $"The cameras are being opened{Reasons(cameras)}.";
        else if (state.Figures.Lines.Count == 0) yield return "The cameras give pictures; the part that counts starts.";
        else if (state.Figures.Counted == 0) yield return "The cameras give pictures. A vehicle is counted when it has left the junction, some 15 s after it got green.";
        else if (cameras.Any(c => c.State != CameraState.Streaming)) yield return $"Not all cameras give pictures{Reasons(cameras)}.";
    }

    private static IEnumerable<string> Slow(IReadOnlyList<DemoLoss> loss)
    {
        if (loss.Count == 0) yield break;
        var mean = loss.Average(l => l.Share);
        var worst = loss.MaxBy(l => l.Share)!;
        if (worst.Share > s_degraded)
        {
            yield return $"This machine is too slow for four cameras: {Percent(mean)} of the pictures are left out ({worst.Camera} {Percent(worst.Share)}). "
                + $"Some vehicles are missed or counted for another exit; above {Percent(s_degraded)} counts are marked as degraded. End other programs, and it recovers.";
        }
        else if (mean > WorthTelling)
        {
            yield return $"The machine is busy: {Percent(mean)} of the pictures are left out. Counts hold up to {Percent(s_degraded)}.";
        }
    }

    private static double Share(IReadOnlyList<DemoCamera> cameras)
    {
        var real = cameras.Where(c => !DemoLoss.IsJunction(c.Camera.Value)).ToList();
        var (frames, dropped) = (real.Sum(c => c.Frames), real.Sum(c => c.Dropped));
        return frames + dropped > 0 ? (double)dropped / (frames + dropped) : 0;
    }

    private static string Reasons(IReadOnlyList<DemoCamera> cameras)
    {
        var told = cameras.Where(c => c.State != CameraState.Streaming && c.Reason.Length > 0).Select(c => $"{c.Camera}: {c.Reason}").ToList();
        return told.Count == 0 ? "" : $" ({string.Join("; ", told)})";
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");
}
