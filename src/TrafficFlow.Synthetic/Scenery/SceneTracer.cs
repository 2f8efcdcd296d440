using System.Numerics;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>What a ray meets first.</summary>
internal struct Hit
{
    public float Distance;
    public Vector3 Normal;
    public Block? Block;
    public Pole? Pole;
    public Crown? Crown;
    public bool IsGround;
}

/// <summary>Finds what a ray meets among the street's objects and the ground.</summary>
internal static class SceneTracer
{
    /// <summary>False when the ray goes into the sky. Distances are in lengths of <paramref name="ray"/>.</summary>
    public static bool Trace(Vector3 from, Vector3 ray, out Hit hit)
    {
        hit = new Hit { Distance = float.MaxValue };
        if (ray.Z < -1e-5f)
        {
            hit.Distance = -from.Z / ray.Z;
            hit.Normal = Vector3.UnitZ;
            hit.IsGround = true;
        }

        var inverse = Vector3.One / ray;
        foreach (var cluster in Cluster.All)
        {
            if (PassesBy(cluster, from, inverse, hit.Distance)) continue;
            MeetBlocks(cluster.Blocks, from, ray, inverse, ref hit);
            MeetPoles(cluster.Poles, from, ray, ref hit);
            MeetCrowns(cluster.Crowns, from, ray, ref hit);
        }

        return hit.Distance < float.MaxValue;
    }

    /// <summary>True where something stands between a point and the sun.</summary>
    public static bool IsInShadow(Vector3 from, Vector3 toSun)
    {
        var hit = new Hit { Distance = 200 };
        var inverse = Vector3.One / toSun;
        foreach (var cluster in Cluster.All)
        {
            if (PassesBy(cluster, from, inverse, 200)) continue;
            MeetBlocks(cluster.Blocks, from, toSun, inverse, ref hit);
            MeetPoles(cluster.Poles, from, toSun, ref hit);
            MeetCrowns(cluster.Crowns, from, toSun, ref hit);
            if (hit.Distance < 200) return true;
        }

        return false;
    }

    private static bool PassesBy(Cluster cluster, Vector3 from, Vector3 inverse, float reach)
    {
        var t0 = (cluster.Low - from) * inverse;
        var t1 = (cluster.High - from) * inverse;
        var near = Vector3.Min(t0, t1);
        var far = Vector3.Max(t0, t1);
        var enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z));
        var leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
        return enter > leave || leave < 0 || enter >= reach;
    }

    private static void MeetBlocks(Block[] blocks, Vector3 from, Vector3 ray, Vector3 inverse, ref Hit hit)
    {
        foreach (var block in blocks)
        {
            var t0 = (block.Low - from) * inverse;
            var t1 = (block.High - from) * inverse;
            var near = Vector3.Min(t0, t1);
            var far = Vector3.Max(t0, t1);
            var enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z));
            var leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
            if (enter > leave || enter < 1e-3f || enter >= hit.Distance) continue;
            if (block.Finish == Finish.Fence && IsGap(from + (ray * enter))) continue;
            hit.Distance = enter;
            hit.Block = block;
            hit.Normal = enter == near.X ? new Vector3(-MathF.Sign(ray.X), 0, 0)
                : enter == near.Y ? new Vector3(0, -MathF.Sign(ray.Y), 0) : new Vector3(0, 0, -MathF.Sign(ray.Z));
            (hit.IsGround, hit.Pole, hit.Crown) = (false, null, null);
        }

        static bool IsGap(Vector3 p)
        {
            var along = (MathF.Abs(p.X) + MathF.Abs(p.Y)) / 2;
            if (along - MathF.Floor(along) < 0.04f) return false;
            return p.Z is not ((> 0.72f and < 0.80f) or (> 0.38f and < 0.44f));
        }
    }

    private static void MeetPoles(Pole[] poles, Vector3 from, Vector3 ray, ref Hit hit)
    {
        var flat = (ray.X * ray.X) + (ray.Y * ray.Y);
        if (flat < 1e-9f) return;
        foreach (var pole in poles)
        {
            var (dx, dy) = (from.X - pole.X, from.Y - pole.Y);
            var cross = (dx * ray.Y) - (dy * ray.X);
            if (cross * cross > pole.Radius * pole.Radius * flat) continue;
            var b = (dx * ray.X) + (dy * ray.Y);
            var c = (dx * dx) + (dy * dy) - (pole.Radius * pole.Radius);
            var t = (-b - MathF.Sqrt(MathF.Max(0, (b * b) - (flat * c)))) / flat;
            if (t < 1e-3f || t >= hit.Distance) continue;
            var z = from.Z + (ray.Z * t);
            if (z < pole.Low || z > pole.High) continue;
            hit.Distance = t;
            hit.Pole = pole;
            hit.Normal = Vector3.Normalize(new Vector3(dx + (ray.X * t), dy + (ray.Y * t), 0));
            (hit.IsGround, hit.Block, hit.Crown) = (false, null, null);
        }
    }

    private static void MeetCrowns(Crown[] crowns, Vector3 from, Vector3 ray, ref Hit hit)
    {
        var square = ray.LengthSquared();
        foreach (var crown in crowns)
        {
            if (!Meets(crown.Middle, crown.Reach, out _)) continue;
            foreach (var ball in crown.Balls)
            {
                if (!Meets(new Vector3(ball.X, ball.Y, ball.Z), ball.W, out var t) || t < 1e-3f || t >= hit.Distance) continue;
                var p = from + (ray * t);
                var (lx, ly, lz) = ((int)MathF.Floor(p.X * 7), (int)MathF.Floor(p.Y * 7), (int)MathF.Floor(p.Z * 7));
                if (Noise.Cell(lx, ly, lz) < 0.34f) continue;
                hit.Distance = t;
                hit.Crown = crown;
                var leaf = new Vector3(Noise.Cell(lx, ly, lz + 7) - 0.5f, Noise.Cell(lx, ly, lz + 13) - 0.5f, Noise.Cell(lx, ly, lz + 29) - 0.35f);
                hit.Normal = Vector3.Normalize(((p - new Vector3(ball.X, ball.Y, ball.Z)) / ball.W) + (leaf * 1.3f));
                (hit.IsGround, hit.Block, hit.Pole) = (false, null, null);
            }
        }

        bool Meets(Vector3 middle, float radius, out float t)
        {
            var d = from - middle;
            var b = Vector3.Dot(d, ray);
            var root = (b * b) - (square * (d.LengthSquared() - (radius * radius)));
            t = root < 0 ? 0 : (-b - MathF.Sqrt(root)) / square;
            return root >= 0 && (t > 0 || d.LengthSquared() < radius * radius);
        }
    }
}
