namespace TrafficFlow.Analysis.Signals;

/// <summary>A figure with its 95 % interval, in the unit that the property's name tells.</summary>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>Half the width of the interval: what to write after ±.</summary>
    public double Margin => (High - Low) / 2;

    public static Estimate Of(double value, double standardError) => new(value, value - (1.96 * standardError), value + (1.96 * standardError));

    /// <summary>The same moved: a constant adds no error.</summary>
    public Estimate Plus(double shift) => new(Value + shift, Low + shift, High + shift);

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Value:0.##} ({Low:0.##} to {High:0.##})");
}
