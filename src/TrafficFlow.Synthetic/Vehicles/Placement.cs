using System.Numerics;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>Where a mesh that stands on the road comes to lie in a canvas.</summary>
internal readonly struct Placement
{
    private readonly ViewCamera _camera;
    private readonly Vector3 _foot;
    private readonly Vector3 _ahead;
    private readonly Vector3 _left;
    private readonly Vector3 _right;
    private readonly Vector3 _down;
    private readonly float _scale;
    private readonly float _mirror;
    private readonly float _wide;
    private readonly float _high;

    /// <param name="scale">Of the mesh's own metres.</param>
    /// <param name="isMirrored">Its image in the wet road, upside down below it.</param>
    public Placement(ViewCamera camera, Canvas canvas, GroundPoint place, double heading, float scale = 1, bool isMirrored = false)
    {
        _camera = camera;
        _foot = new Vector3((float)place.X, (float)place.Y, 0);
        _ahead = new Vector3((float)Math.Cos(heading), (float)Math.Sin(heading), 0);
        _left = new Vector3(-_ahead.Y, _ahead.X, 0);
        (_right, _down, _scale, _mirror) = (camera.Right, camera.Down, scale, isMirrored ? -1 : 1);
        (_wide, _high) = (canvas.Width, canvas.Height);
    }

    public Vector3 Turn(Vector3 normal) => (_ahead * normal.X) + (_left * normal.Y) + (Vector3.UnitZ * normal.Z);

    /// <summary>X and y in samples, z one divided by depth. False when it comes too near or lies behind the camera.</summary>
    public bool TrySee(Vector3 corner, out Vector3 seen)
    {
        var from = _foot + (((_ahead * corner.X) + (_left * corner.Y) + (Vector3.UnitZ * (corner.Z * _mirror))) * _scale) - _camera.Position;
        var depth = Vector3.Dot(from, _camera.Forward);
        var (focal, near) = (_camera.FocalShare * _wide, 1 / depth);
        seen = new Vector3((0.5f * _wide) + (focal * Vector3.Dot(from, _right) * near), (0.5f * _high) + (focal * Vector3.Dot(from, _down) * near), near);
        if (depth < 1) return false;
        if (_camera.Lens is not null) seen = _camera.Bend(seen, _wide, _high);
        return true;
    }
}
