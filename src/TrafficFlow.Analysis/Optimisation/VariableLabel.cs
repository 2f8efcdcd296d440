using System.Collections.Immutable;
using System.Globalization;

namespace TrafficFlow.Analysis.Optimisation;

/// <summary>
/// The name of a variable, as dimod knows them: a whole number, a text, or a tuple of labels such as ("north", 12). Labels are told apart by kind: 1 and "1" are two.
/// Never sent to a solver of others: <see cref="BinaryQuadraticModel.WithoutLabels"/>.
/// </summary>
public sealed class VariableLabel : IEquatable<VariableLabel>
{
    private VariableLabel(long? number, string? text, ImmutableArray<VariableLabel> parts) => (Number, Text, Parts) = (number, text, parts);

    /// <summary>Null unless the label is a number.</summary>
    public long? Number { get; }

    /// <summary>Null unless the label is a text.</summary>
    public string? Text { get; }

    /// <summary>Empty unless the label is a tuple of at least one.</summary>
    public ImmutableArray<VariableLabel> Parts { get; }

    public static VariableLabel Of(long number) => new(number, null, []);

    public static VariableLabel Of(string text) => new(null, text, []);

    /// <exception cref="ArgumentException">There is none.</exception>
    public static VariableLabel Of(ImmutableArray<VariableLabel> parts) =>
        parts.IsDefaultOrEmpty ? throw new ArgumentException("a tuple of no labels is no label", nameof(parts)) : new(null, null, parts);

    public bool Equals(VariableLabel? other) =>
        other is not null && Number == other.Number && Text == other.Text && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as VariableLabel);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Number);
        hash.Add(Text);
        foreach (var part in Parts) hash.Add(part);
        return hash.ToHashCode();
    }

    public override string ToString() =>
        Number?.ToString(CultureInfo.InvariantCulture) ?? Text ?? $"({string.Join(", ", Parts)})";
}
