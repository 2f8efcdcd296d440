using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace TrafficFlow.Analysis.Optimisation.Formats;

/// <summary>
/// Binary quadratic models as dimod's coordinate lists: a line `u v bias` for each coupling and `u u bias` for each linear bias, u and v whole numbers from 0, with `# vartype=SPIN` above.
/// What the format has no place for stands in comments, which dimod passes over: `# offset=1.5`, and `# one-hot=0,1,2` for each group. Variables without any bias are written with bias 0.
/// Stricter than dimod in reading: a line that is neither biases, comment nor blank is refused, not passed over.
/// </summary>
public static class CooText
{
    /// <exception cref="QuadraticModelException">A label is no whole number from 0: the format has only these.</exception>
    public static string Write(BinaryQuadraticModel model)
    {
        foreach (var label in model.Labels)
        {
            if (label.Number is null or < 0) throw new QuadraticModelException($"variable {label} cannot be written as COO, which names variables 0, 1, 2, ...: write JSON, or drop the labels");
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# vartype={model.Vartype.NameOf()}\n");
        if (model.Offset != 0) text.Append(CultureInfo.InvariantCulture, $"# offset={Numbers.Decimal(model.Offset)}\n");
        foreach (var group in model.Groups) text.Append(CultureInfo.InvariantCulture, $"# one-hot={string.Join(',', group.Members.Select(m => model.Labels[m]))}\n");
        var lines = new List<(long U, long V, double Bias)>();
        for (var i = 0; i < model.VariableCount; i++)
        {
            if (model.Linear[i] != 0 || model.RowStarts[i] == model.RowStarts[i + 1]) lines.Add((model.Labels[i].Number!.Value, model.Labels[i].Number!.Value, model.Linear[i]));
        }

        foreach (var (u, v, bias) in model.Couplings())
        {
            var (first, second) = (model.Labels[u].Number!.Value, model.Labels[v].Number!.Value);
            lines.Add((Math.Min(first, second), Math.Max(first, second), bias));
        }

        foreach (var (u, v, bias) in lines.OrderBy(l => l.U).ThenBy(l => l.V)) text.Append(CultureInfo.InvariantCulture, $"{u} {v} {Numbers.Decimal(bias)}\n");
        return text.ToString();
    }

    /// <param name="vartype">Where the file tells none.</param>
    /// <exception cref="QuadraticModelException">It is no such file; the message names the line.</exception>
    public static async Task<BinaryQuadraticModel> ReadAsync(Stream stream, Vartype? vartype = null, ModelLimits? limits = null, CancellationToken cancellation = default)
    {
        var bytes = await BoundedFile.ReadAsync(stream, limits ?? ModelLimits.Default, cancellation).ConfigureAwait(false);
        return Read(Encoding.UTF8.GetString(bytes.Span), vartype, limits);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static BinaryQuadraticModel Read(string text, Vartype? vartype = null, ModelLimits? limits = null)
    {
        var bounds = limits ?? ModelLimits.Default;
        BoundedFile.Check(text.Length, bounds);
        var header = Headers(text);
        var told = header.Vartype ?? vartype ?? throw new QuadraticModelException("the file tells no vartype: write `# vartype=BINARY` or `# vartype=SPIN` above, or give it");
        if (vartype is not null && vartype != told) throw new QuadraticModelException($"the file says vartype {told.NameOf()}, and {vartype.Value.NameOf()} was asked for");
        var builder = new QuadraticModelBuilder(told, bounds);
        builder.AddOffset(header.Offset);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.IsEmpty || trimmed[0] == '#') continue;
            AddLine(builder, trimmed, number);
        }

        foreach (var group in header.Groups) builder.AddOneHotGroup([.. group.Select(m => builder.Add(VariableLabel.Of(m)))]);
        return builder.Build();
    }

    private static void AddLine(QuadraticModelBuilder builder, ReadOnlySpan<char> line, int number)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = line.SplitAny(parts, " \t", StringSplitOptions.RemoveEmptyEntries);
        if (count != 3
            || !long.TryParse(line[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var u)
            || !long.TryParse(line[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var v)
            || !double.TryParse(line[parts[2]], NumberStyles.Float, CultureInfo.InvariantCulture, out var bias)
            || !double.IsFinite(bias))
        {
            var shown = line.Length > 40 ? string.Concat(line[..40], "...") : line.ToString();
            throw new QuadraticModelException($"line {number} is \"{shown}\": a line is two variables (whole numbers from 0) and a bias, such as `0 1 -4.5`");
        }

        // As in dimod, a line of a variable with itself is its linear bias, in models of -1 and +1 too.
        if (u == v) builder.AddLinear(VariableLabel.Of(u), bias);
        else builder.AddQuadratic(VariableLabel.Of(u), VariableLabel.Of(v), bias);
    }

    private static (Vartype? Vartype, double Offset, List<ImmutableArray<long>> Groups) Headers(string text)
    {
        Vartype? vartype = null;
        var offset = 0.0;
        var groups = new List<ImmutableArray<long>>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (Value(line, "vartype") is { } name)
            {
                var found = Vartypes.Parse(name) ?? throw new QuadraticModelException($"line {number} says vartype {name}: it is SPIN or BINARY");
                if (vartype is not null && vartype != found) throw new QuadraticModelException($"line {number} says vartype {name}, and a line above says the other");
                vartype = found;
            }
            else if (Value(line, "offset") is { } constant)
            {
                if (!double.TryParse(constant, NumberStyles.Float, CultureInfo.InvariantCulture, out offset) || !double.IsFinite(offset))
                {
                    throw new QuadraticModelException($"line {number} says offset {constant}: it is a finite number");
                }
            }
            else if (Value(line, "one-hot") is { } members)
            {
                groups.Add([.. members.Split(',').Select(m => long.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var member)
                    ? member
                    : throw new QuadraticModelException($"line {number} says one-hot={members}: it is a list such as 0,1,2"))]);
            }
        }

        return (vartype, offset, groups);
    }

    /// <summary>What stands after `key=` or `key:` in a comment.</summary>
    private static string? Value(ReadOnlySpan<char> line, string key)
    {
        var trimmed = line.TrimStart();
        if (trimmed.IsEmpty || trimmed[0] != '#') return null;
        var rest = trimmed[1..].TrimStart();
        // dimod takes the vartype from anywhere in a comment.
        if (key == "vartype" && rest.IndexOf(key, StringComparison.Ordinal) is var at and > 0) rest = rest[at..];
        return rest.StartsWith(key, StringComparison.Ordinal) && rest.Length > key.Length && rest[key.Length] is '=' or ':' ? rest[(key.Length + 1)..].Trim().ToString() : null;
    }
}
