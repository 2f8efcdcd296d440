namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>Weighted least squares of a few unknowns, row by row: sum of w (r - g·d)² over rows, solved for d by Cholesky.</summary>
internal sealed class NormalEquations(int unknowns)
{
    private readonly double[] _a = new double[unknowns * unknowns];
    private readonly double[] _l = new double[unknowns * unknowns];
    private readonly double[] _b = new double[unknowns];

    public void Clear()
    {
        Array.Clear(_a);
        Array.Clear(_b);
    }

    /// <param name="gradient">Change of what is measured with each unknown.</param>
    /// <param name="residual">Measured less computed.</param>
    public void Add(ReadOnlySpan<double> gradient, double residual, double weight)
    {
        for (var i = 0; i < unknowns; i++)
        {
            if (gradient[i] == 0) continue;
            var g = weight * gradient[i];
            for (var j = 0; j <= i; j++) _a[(i * unknowns) + j] += g * gradient[j];
            _b[i] += g * residual;
        }
    }

    /// <summary>One unknown alone was expected to change by <paramref name="residual"/>.</summary>
    public void Expect(int unknown, double residual, double deviation)
    {
        var weight = 1 / (deviation * deviation);
        _a[(unknown * unknowns) + unknown] += weight;
        _b[unknown] += weight * residual;
    }

    /// <param name="damping">Adds this share to the diagonal (Levenberg-Marquardt); 0 for the plain solution.</param>
    /// <returns>False where the rows do not determine the unknowns.</returns>
    public bool TrySolve(double damping, Span<double> solution)
    {
        if (!TryFactor(damping)) return false;
        _b.CopyTo(solution);
        Substitute(solution);
        return true;
    }

    /// <summary>A column of the inverse of the undamped equations: covariances with one unknown, for weights that are inverse variances.</summary>
    public bool TryCovariance(int unknown, Span<double> column)
    {
        if (!TryFactor(0)) return false;
        column.Clear();
        column[unknown] = 1;
        Substitute(column);
        return true;
    }

    private bool TryFactor(double damping)
    {
        for (var i = 0; i < unknowns; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = _a[(i * unknowns) + j] * (i == j ? 1 + damping : 1);
                for (var k = 0; k < j; k++) sum -= _l[(i * unknowns) + k] * _l[(j * unknowns) + k];
                if (i == j)
                {
                    if (!(sum > 0)) return false;
                    _l[(i * unknowns) + i] = Math.Sqrt(sum);
                }
                else
                {
                    _l[(i * unknowns) + j] = sum / _l[(j * unknowns) + j];
                }
            }
        }

        return true;
    }

    private void Substitute(Span<double> v)
    {
        for (var i = 0; i < unknowns; i++)
        {
            for (var k = 0; k < i; k++) v[i] -= _l[(i * unknowns) + k] * v[k];
            v[i] /= _l[(i * unknowns) + i];
        }

        for (var i = unknowns - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < unknowns; k++) v[i] -= _l[(k * unknowns) + i] * v[k];
            v[i] /= _l[(i * unknowns) + i];
        }
    }
}
