using System.Numerics;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>Puts one vehicle's mesh into the canvas: places it on the road, lights its corners and fills its triangles.</summary>
internal sealed class VehiclePainter(ViewCamera camera, Lighting lighting, Canvas canvas)
{
    private readonly ToneCurve _tone = new(lighting.Exposure);
    private Vector3[] _seen = new Vector3[1024];
    private Vector3[] _colours = new Vector3[1024];

    /// <param name="sunShare">Part of the sun that reaches it, 0..1.</param>
    /// <param name="blink">Indicators that are on are lit now.</param>
    /// <param name="mirrored">Its image in the wet road, upside down below it.</param>
    public void Paint(in VehicleView v, Mesh mesh, float sunShare, bool blink, bool mirrored = false)
    {
        if (_seen.Length < mesh.Places.Length) (_seen, _colours) = (new Vector3[mesh.Places.Length], new Vector3[mesh.Places.Length]);
        var ahead = new Vector3((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians), 0);
        var left = new Vector3(-ahead.Y, ahead.X, 0);
        var middle = new Vector3((float)v.Centre.X, (float)v.Centre.Y, 0);
        var (right, down, forward) = (camera.Right, camera.Down, camera.Forward);
        var (wide, high) = (canvas.Width, canvas.Height);
        var focal = camera.FocalShare * wide;
        var paint = Albedo.Of(v.Paint);
        var second = SecondPaint(v);
        for (var i = 0; i < mesh.Places.Length; i++)
        {
            var p = mesh.Places[i];
            var place = middle + (ahead * p.X) + (left * p.Y) + (Vector3.UnitZ * (mirrored ? -p.Z : p.Z));
            var from = place - camera.Position;
            var depth = Vector3.Dot(from, forward);
            // Nothing of the street comes nearer than this; a corner behind the camera would fold over.
            if (depth < 1) return;
            var near = 1 / depth;
            _seen[i] = new Vector3((0.5f * wide) + (focal * Vector3.Dot(from, right) * near), (0.5f * high) + (focal * Vector3.Dot(from, down) * near), near);
            if (camera.Lens is not null) _seen[i] = camera.Bend(_seen[i], wide, high);
            var n = mesh.Normals[i];
            var normal = (ahead * n.X) + (left * n.Y) + (Vector3.UnitZ * n.Z);
            var lamps = lighting.LampsOn ? StreetLamps.Light(place, normal) : Vector3.Zero;
            var light = Light(mesh.Surfaces[i], paint, second, v, normal, Vector3.Normalize(-from), p.Z, sunShare, blink, lamps);
            _colours[i] = new Vector3(_tone.Encode(light.Z), _tone.Encode(light.Y), _tone.Encode(light.X));
        }

        var triangles = mesh.Triangles;
        for (var i = 0; i < triangles.Length; i += 3)
        {
            var (a, b, c) = (triangles[i], triangles[i + 1], triangles[i + 2]);
            // A mirror turns faces over.
            if (mirrored) (b, c) = (c, b);
            canvas.Fill(_seen[a], _seen[b], _seen[c], _colours[a], _colours[b], _colours[c]);
        }
    }

    private Vector3 Light(Surface surface, Vector3 paint, Vector3 second, in VehicleView v, Vector3 normal, Vector3 toEye, float z, float sunShare, bool blink, Vector3 lamps)
    {
        var (albedo, gloss) = surface switch
        {
            Surface.Paint => (paint, 0.05f),
            Surface.SecondPaint => (second, 0.04f),
            Surface.Glass => (new Vector3(0.012f, 0.014f, 0.016f), 0.12f),
            Surface.Black => (new Vector3(0.018f), 0.02f),
            Surface.Grey => (new Vector3(0.16f), 0.02f),
            Surface.Rim => (new Vector3(0.30f), 0.1f),
            Surface.Cargo => (new Vector3(0.54f, 0.54f, 0.53f), 0.02f),
            Surface.Cloth => (paint * 0.7f, 0.0f),
            Surface.Plate => (new Vector3(0.5f, 0.5f, 0.48f), 0.02f),
            Surface.HeadLamp => (new Vector3(0.16f, 0.17f, 0.18f), 0.22f),
            Surface.TailLamp => (new Vector3(0.28f, 0.012f, 0.012f), 0.08f),
            _ => (new Vector3(0.5f, 0.2f, 0.03f), 0.06f),
        };
        var sun = MathF.Max(0, Vector3.Dot(normal, lighting.ToSun)) * sunShare;
        // Near the road a hull sees mostly the dark below itself.
        var open = 0.45f + (0.55f * Math.Clamp(z / 0.75f, 0, 1));
        var sky = open * (0.5f + (0.5f * normal.Z));
        var ground = 0.16f * open * (0.5f - (0.5f * normal.Z));
        var light = albedo * ((lighting.Sun * sun) + (lighting.Sky * sky) + ((lighting.Sky + (lighting.Sun * sunShare)) * ground) + lamps);
        var cosine = Math.Clamp(Vector3.Dot(normal, toEye), 0, 1);
        var mirrored = (normal * (2 * cosine)) - toEye;
        var fresnel = gloss + ((1 - gloss) * (gloss > 0.03f ? 0.8f : 0.25f) * MathF.Pow(1 - cosine, 5));
        light += lighting.Environment(mirrored) * (fresnel * open);
        if (gloss > 0.03f)
        {
            var glint = MathF.Pow(MathF.Max(0, Vector3.Dot(mirrored, lighting.ToSun)), 90) * sunShare;
            light += lighting.Sun * (glint * 0.8f);
        }

        return light + Glow(surface, v, blink);
    }

    private Vector3 Glow(Surface surface, in VehicleView v, bool blink) => surface switch
    {
        Surface.HeadLamp when lighting.LampsOn && !v.IsParked => new Vector3(4f, 3.9f, 3.4f),
        Surface.TailLamp when v.IsBraking => new Vector3(2.6f, 0.10f, 0.06f),
        Surface.TailLamp when lighting.LampsOn && !v.IsParked => new Vector3(0.8f, 0.03f, 0.02f),
        Surface.LeftIndicator when blink && v.Indicator is Indicator.Left or Indicator.Hazard => new Vector3(3.2f, 1.3f, 0.1f),
        Surface.RightIndicator when blink && v.Indicator is Indicator.Right or Indicator.Hazard => new Vector3(3.2f, 1.3f, 0.1f),
        _ => Vector3.Zero,
    };

    private static Vector3 SecondPaint(in VehicleView v) => v.Shape switch
    {
        BodyShape.DumpTruck => new Vector3(0.06f, 0.16f, 0.13f),
        BodyShape.RouteBus => (v.Id % 3) switch { 0 => new(0.03f, 0.12f, 0.30f), 1 => new(0.35f, 0.05f, 0.04f), _ => new(0.04f, 0.20f, 0.09f) },
        BodyShape.BoxTruck => (v.Id % 4) switch { 0 => new(0.05f, 0.16f, 0.42f), 1 => new(0.5f, 0.08f, 0.06f), 2 => new(0.62f, 0.62f, 0.61f), _ => new(0.08f, 0.3f, 0.12f) },
        _ => (v.Id % 3) switch { 0 => new(0.55f), 1 => new(0.03f), _ => new(0.4f, 0.04f, 0.03f) },
    };
}
