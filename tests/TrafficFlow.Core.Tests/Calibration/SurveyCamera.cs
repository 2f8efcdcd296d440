using System.Numerics;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tests.Calibration;

/// <summary>A pinhole camera with a known place, and a lens: what a calibration has to find again.</summary>
public sealed record SurveyCamera(Vector3 Position, Vector3 LookAt, double FocalShare, double Aspect, LensDistortion? Lens = null)
{
    /// <summary>On a mast of nine metres, looking north over a junction.</summary>
    public static readonly SurveyCamera Mast = new(new(2, -14, 9), new(-1, 8, 0), 0.8, 16.0 / 9);

    public PicturePoint See(double x, double y, double height = 0)
    {
        var forward = Vector3.Normalize(LookAt - Position);
        var right = Vector3.Normalize(Vector3.Cross(forward, Math.Abs(forward.Z) > 0.999f ? Vector3.UnitY : Vector3.UnitZ));
        var down = Vector3.Cross(forward, right);
        var d = new Vector3((float)x, (float)y, (float)height) - Position;
        var depth = Vector3.Dot(d, forward);
        var straight = new PicturePoint(0.5 + (FocalShare * Vector3.Dot(d, right) / depth), 0.5 + (FocalShare * Aspect * Vector3.Dot(d, down) / depth));
        return Lens is null ? straight : Lens.Distort(straight)!.Value;
    }

    public GroundReference[] Survey(IEnumerable<(double X, double Y)> places, GroundPoint origin = default) =>
        [.. places.Select(p => new GroundReference(See(p.X, p.Y), origin.X + p.X, origin.Y + p.Y))];
}
