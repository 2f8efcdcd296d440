namespace TrafficFlow.Node.Control;

/// <summary>Lines of bytes from a stream, each of a bounded length.</summary>
internal sealed class LineReader(Stream stream, int longest)
{
    private readonly byte[] _piece = new byte[4096];
    private int _at;
    private int _end;

    /// <returns>Null where the stream ends; what comes behind the last line end is no line.</returns>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        using var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await stream.ReadAsync(_piece, cancellation));
                if (_end == 0) return null;
            }

            var length = _piece.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            var taken = length < 0 ? _end - _at : length;
            if (line.Length + taken > longest) throw new InvalidDataException($"a line is longer than {longest} bytes");
            line.Write(_piece, _at, taken);
            _at += length < 0 ? taken : taken + 1;
            if (length >= 0) return line.ToArray();
        }
    }
}
