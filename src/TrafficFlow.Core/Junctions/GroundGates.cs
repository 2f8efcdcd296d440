using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>A gate of one camera on the ground, and what passing it forward means.</summary>
/// <param name="Line">In metres; forward as the gate's meaning has it.</param>
/// <param name="From">Where it begins and ends, in metres.</param>
public sealed record GroundGate(CameraId Camera, GateId Gate, GateRole Role, ApproachId Approach, GateLine Line, GroundPoint From, GroundPoint To)
{
    public GroundPoint Middle => new((From.X + To.X) / 2, (From.Y + To.Y) / 2);
}

/// <summary>
/// Every gate of a site that enters or exits an approach, laid on the ground. A gate that means something in both directions is there
/// twice.
/// </summary>
public static class GroundGates
{
    public static IReadOnlyList<GroundGate> Of(Site site) => [.. site.Cameras.SelectMany(Of)];

    /// <summary>None where the camera has no ground plane.</summary>
    public static IReadOnlyList<GroundGate> Of(CameraSetup camera) => camera.Plane is null
        ? []
        :
    [
        .. from gate in camera.Gates
           from side in new[] { (Meaning: gate.Forward, IsForward: true), (Meaning: gate.Backward, IsForward: false) }
           where side.Meaning is not null
           let laid = Lay(camera, gate, side.Meaning!, side.IsForward)
           where laid is not null
           select laid,
    ];

    private static GroundGate? Lay(CameraSetup camera, Gate gate, GateMeaning meaning, bool isForward)
    {
        var plane = camera.Plane!;
        if (plane.ToGround(gate.From) is not { } from || plane.ToGround(gate.To) is not { } to) return null;
        var line = LineOf(gate.Id, from, to);
        // Pictures count y downwards and may be taken from any side: which side is forward is asked of the picture.
        var beyond = PointBeyond(camera, gate);
        if (plane.ToGround(beyond) is not { } past) return null;
        if (line.Side(past.X, past.Y) > 0 != isForward) (line, from, to) = (LineOf(gate.Id, to, from), to, from);
        return new GroundGate(camera.Id, gate.Id, meaning.Role, meaning.Approach, line, from, to);
    }

    /// <summary>A little forward of the middle of the gate, in the picture.</summary>
    private static PicturePoint PointBeyond(CameraSetup camera, Gate gate)
    {
        var (w, h) = (camera.Frame.Width, camera.Frame.Height);
        var (dx, dy) = ((gate.To.X - gate.From.X) * w, (gate.To.Y - gate.From.Y) * h);
        const double Step = 0.01;
        return new PicturePoint(
            ((gate.From.X + gate.To.X) / 2) - (Step * dy / w), ((gate.From.Y + gate.To.Y) / 2) + (Step * dx / h));
    }

    private static GateLine LineOf(GateId id, GroundPoint from, GroundPoint to) =>
        new(new Gate(id, new PicturePoint(from.X, from.Y), new PicturePoint(to.X, to.Y)), 1, 1);
}
