namespace TrafficFlow.Core.Tracking;

/// <summary>Kalman filter of one coordinate that moves at nearly constant velocity. Units: pixels and seconds.</summary>
internal struct ConstantVelocityFilter
{
    private double _variance;
    private double _covariance;
    private double _velocityVariance;

    public ConstantVelocityFilter(double position, double positionDeviation, double velocityDeviation)
    {
        Position = position;
        _variance = positionDeviation * positionDeviation;
        _velocityVariance = velocityDeviation * velocityDeviation;
    }

    public double Position { get; private set; }

    public double Velocity { get; private set; }

    public readonly double VelocityVariance => _velocityVariance;

    /// <summary>Variance of a measurement of the given standard deviation against the predicted position.</summary>
    public readonly double InnovationVariance(double measurementDeviation) => _variance + (measurementDeviation * measurementDeviation);

    /// <param name="seconds">Time to pass; positive.</param>
    /// <param name="accelerationDeviation">How much the velocity may change, pixels per second squared.</param>
    public void Predict(double seconds, double accelerationDeviation)
    {
        var q = accelerationDeviation * accelerationDeviation;
        var t2 = seconds * seconds;
        Position += Velocity * seconds;
        _variance += (2 * seconds * _covariance) + (t2 * _velocityVariance) + (q * t2 * t2 / 4);
        _covariance += (seconds * _velocityVariance) + (q * t2 * seconds / 2);
        _velocityVariance += q * t2;
    }

    public void Correct(double measured, double deviation)
    {
        var innovation = measured - Position;
        var total = _variance + (deviation * deviation);
        var gain = _variance / total;
        var velocityGain = _covariance / total;
        Position += gain * innovation;
        Velocity += velocityGain * innovation;
        _velocityVariance -= velocityGain * _covariance;
        _covariance *= 1 - gain;
        _variance *= 1 - gain;
    }

    /// <summary>Lets the velocity fade: a vehicle that no camera sees is more likely to have braked than to have kept its speed.</summary>
    public void Damp(double factor) => Velocity *= factor;
}
