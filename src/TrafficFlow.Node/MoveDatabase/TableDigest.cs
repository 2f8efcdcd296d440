using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>How many rows a table has, and their checksum.</summary>
internal sealed record TableSum(long Rows, string Checksum)
{
    public static readonly TableSum Empty = new TableDigest([]).Sum;
}

/// <summary>
/// Sums up a table's rows, whatever their order and whatever database they come from: the sum of the SHA-256 of each row, whose values are written in one
/// way. Memory does not grow with the rows.
/// </summary>
internal sealed class TableDigest(IReadOnlyList<MovedColumn> columns)
{
    private const int Lanes = 4;

    private readonly ArrayBufferWriter<byte> _row = new(1024);
    private readonly ulong[] _lanes = new ulong[Lanes];
    private long _rows;

    public TableSum Sum
    {
        get
        {
            var bytes = new byte[Lanes * sizeof(ulong)];
            for (var i = 0; i < Lanes; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), _lanes[i]);
            return new TableSum(_rows, Convert.ToHexStringLower(bytes));
        }
    }

    /// <param name="values">In the order of the columns.</param>
    public void Add(ReadOnlySpan<object?> values)
    {
        _row.ResetWrittenCount();
        for (var i = 0; i < columns.Count; i++) Write(columns[i].Kind, values[i]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.WrittenSpan, hash);
        // A sum, not an exclusive or: of two rows that are the same neither hides the other.
        for (var i = 0; i < Lanes; i++) _lanes[i] = unchecked(_lanes[i] + BinaryPrimitives.ReadUInt64BigEndian(hash[(i * sizeof(ulong))..]));
        _rows++;
    }

    private void Write(ValueKind kind, object? value)
    {
        if (value is null)
        {
            _row.Write([byte.MaxValue]);
            return;
        }

        // The kind goes with it, so that 1 and "1" are not the same.
        _row.Write([(byte)kind]);
        switch (kind)
        {
            case ValueKind.Text:
                WriteText((string)value);
                break;
            case ValueKind.Json:
                WriteText(CanonicalJson.Of((string)value));
                break;
            case ValueKind.Whole:
                Write((long)value);
                break;
            case ValueKind.Flag:
                _row.Write([(bool)value ? (byte)1 : (byte)0]);
                break;
            case ValueKind.Number:
                Write(BitConverter.DoubleToInt64Bits((double)value));
                break;
            case ValueKind.Time:
                Write(((DateTime)value).Ticks);
                break;
            case ValueKind.Bytes:
                WriteBytes((byte[])value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind");
        }
    }

    private void Write(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(_row.GetSpan(sizeof(long)), number);
        _row.Advance(sizeof(long));
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        // Before them: else ("ab", "c") would be ("a", "bc").
        Write(bytes.Length);
        _row.Write(bytes);
    }

    private void WriteText(string text)
    {
        Write(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _row);
    }
}
