using System.IO.MemoryMappedFiles;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>
/// The input that the fuzzing process is at, in a file that outlives it: a stack that overflows, or a read without end, leaves no other trace.
/// </summary>
internal sealed class InFlight : IDisposable
{
    private const int Head = 16;
    private const int Longest = 1 << 17;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public InFlight(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Head + Longest);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Grows with each input.</summary>
    public long Number => _view.ReadInt64(0);

    public void Set(int reader, byte[] input)
    {
        _view.Write(8, reader);
        _view.Write(12, Math.Min(input.Length, Longest));
        _view.WriteArray(Head, input, 0, Math.Min(input.Length, Longest));
        _view.Write(0, Number + 1);
    }

    public (int Reader, byte[] Input) Get()
    {
        var input = new byte[_view.ReadInt32(12)];
        _view.ReadArray(Head, input, 0, input.Length);
        return (_view.ReadInt32(8), input);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
