using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic;

/// <summary>Where the camera of a synthetic source hangs, and the light that it sees.</summary>
internal sealed record SyntheticView(ViewCamera Camera, Lighting Lighting)
{
    /// <exception cref="Core.Frames.FrameSourceException">The pole sees no road, or none that could be judged.</exception>
    public static SyntheticView Of(SyntheticSource source, FrameFormat format)
    {
        var aspect = (double)format.Width / format.Height;
        if (!source.IsView) return new SyntheticView(JunctionCameras.Of(JunctionLayout.IndexOf(source.Approach!.Value), aspect), source.Lighting);
        var view = source.View(aspect);
        return new SyntheticView(view.Camera, view.Light(source.Lighting));
    }
}
