using System.Numerics;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>
/// The street's objects in groups of neighbours, each in a bounding box: most rays pass most groups by, so most objects are never asked.
/// </summary>
internal sealed record Cluster(Vector3 Low, Vector3 High, Block[] Blocks, Pole[] Poles, Crown[] Crowns)
{
    private const float CellSize = 16;

    public static readonly Cluster[] All = Gather();

    private static Cluster[] Gather()
    {
        var cells = new Dictionary<(int, int), (List<Block> Blocks, List<Pole> Poles, List<Crown> Crowns)>();
        foreach (var block in StreetObjects.Blocks) CellOf((block.Low.X + block.High.X) / 2, (block.Low.Y + block.High.Y) / 2).Blocks.Add(block);
        foreach (var pole in StreetObjects.Poles) CellOf(pole.X, pole.Y).Poles.Add(pole);
        foreach (var crown in StreetObjects.Crowns) CellOf(crown.Middle.X, crown.Middle.Y).Crowns.Add(crown);
        return [.. cells.Values.Select(c => Around([.. c.Blocks], [.. c.Poles], [.. c.Crowns]))];

        (List<Block> Blocks, List<Pole> Poles, List<Crown> Crowns) CellOf(float x, float y)
        {
            var key = ((int)MathF.Floor(x / CellSize), (int)MathF.Floor(y / CellSize));
            if (!cells.TryGetValue(key, out var cell)) cells[key] = cell = ([], [], []);
            return cell;
        }
    }

    private static Cluster Around(Block[] blocks, Pole[] poles, Crown[] crowns)
    {
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var block in blocks) Include(block.Low, block.High);
        foreach (var p in poles) Include(new(p.X - p.Radius, p.Y - p.Radius, p.Low), new(p.X + p.Radius, p.Y + p.Radius, p.High));
        foreach (var crown in crowns) Include(crown.Middle - new Vector3(crown.Reach), crown.Middle + new Vector3(crown.Reach));
        return new Cluster(low, high, blocks, poles, crowns);

        void Include(Vector3 from, Vector3 to) => (low, high) = (Vector3.Min(low, from), Vector3.Max(high, to));
    }
}
