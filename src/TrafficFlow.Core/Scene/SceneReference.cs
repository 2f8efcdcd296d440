namespace TrafficFlow.Core.Scene;

/// <summary>
/// The calibrated scene: a first look, which nothing replaces, and looks in other light, each of which was taken while the scene was known
/// to be in its place. So neither night nor season raises an alarm, and a camera that creeps is still compared with where it was first.
/// </summary>
internal sealed class SceneReference
{
    private const int MostLooks = 6;
    private const uint Magic = 0x31_4E_43_53; // SCN1

    private readonly SceneGrid _grid;
    private readonly List<SceneLook> _looks;

    private SceneReference(SceneGrid grid, List<SceneLook> looks) => (_grid, _looks) = (grid, looks);

    public SceneReference(SceneGrid grid, SceneLook first)
        : this(grid, [first])
    {
    }

    public IReadOnlyList<SceneLook> Looks => _looks;

    public void Add(SceneLook look)
    {
        if (_looks.Count == MostLooks) _looks.RemoveAt(1);
        _looks.Add(look);
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Magic);
        writer.Write((ushort)_grid.Width);
        writer.Write((ushort)_grid.Height);
        writer.Write((ushort)_grid.Tiles.Count);
        writer.Write((ushort)_looks.Count);
        foreach (var look in _looks) look.Write(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <returns>Null where the bytes are damaged, or of a picture of another size.</returns>
    public static SceneReference? From(SceneGrid grid, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (reader.ReadUInt32() != Magic || reader.ReadUInt16() != grid.Width || reader.ReadUInt16() != grid.Height || reader.ReadUInt16() != grid.Tiles.Count)
                return null;
            var count = reader.ReadUInt16();
            if (count is 0 or > MostLooks) return null;
            var looks = new List<SceneLook>();
            for (var i = 0; i < count; i++) looks.Add(SceneLook.Read(grid, reader));
            return reader.BaseStream.Position == bytes.Length ? new SceneReference(grid, looks) : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
