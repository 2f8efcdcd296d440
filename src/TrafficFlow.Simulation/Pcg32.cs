namespace TrafficFlow.Simulation;

/// <summary>A small random number generator (PCG-XSH-RR 64/32). Its own, so that a seed means the same traffic on every runtime.</summary>
public sealed class Pcg32
{
    private readonly ulong _increment;
    private ulong _state;

    public Pcg32(ulong seed, ulong stream)
    {
        _increment = (stream << 1) | 1;
        Next();
        _state += seed;
        Next();
    }

    public uint Next()
    {
        var old = _state;
        _state = unchecked((old * 6364136223846793005UL) + _increment);
        var shifted = (uint)(((old >> 18) ^ old) >> 27);
        var rotation = (int)(old >> 59);
        return (shifted >> rotation) | (shifted << (-rotation & 31));
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => Next() * (1.0 / 4294967296.0);

    public double Between(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Exponential with the given mean: the time between two arrivals of a Poisson stream.</summary>
    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Index of one of the weights, each as likely as its share of the sum.</summary>
    public int Pick(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        var left = Uniform() * sum;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }

        return weights.Length - 1;
    }
}
