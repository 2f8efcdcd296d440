using System.Numerics;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic;

/// <summary>
/// Where the four cameras of the synthetic junction hang: camera k on a mast arm at the far side of the junction, looking over the box
/// towards arm k, so that its stop line and the three ways out are in view.
/// </summary>
public static class JunctionCameras
{
    private const double Sideways = 0.6;
    private const double Behind = 14.5;
    private const float Height = 11.5f;
    private const double LooksAtSideways = 0.7;
    private const double LooksAtOutwards = 4.6;
    private const float FocalShare = 0.70f;

    public static ViewCamera Of(int arm, double aspect) =>
        new(At(arm, Sideways, -Behind, Height), At(arm, LooksAtSideways, LooksAtOutwards, 0), FocalShare, (float)aspect);

    /// <summary>A point given in an arm's frame, <paramref name="height"/> metres above the road.</summary>
    public static Vector3 At(int arm, double a, double b, double height)
    {
        var ground = JunctionLayout.ToGround(arm, a, b);
        return new Vector3((float)ground.X, (float)ground.Y, (float)height);
    }
}
