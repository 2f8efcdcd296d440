using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficFlow.Synthetic.Light;

/// <summary>From linear light to the camera's 8 bit values: a soft shoulder and the usual gamma.</summary>
internal sealed class ToneCurve
{
    private const int Steps = 4096;
    private const float Highest = 6;
    private readonly byte[] _table = new byte[Steps];
    private readonly float _scale;

    public ToneCurve(float exposure)
    {
        _scale = (Steps - 1) / Highest;
        for (var i = 0; i < Steps; i++)
        {
            var light = 1 - MathF.Exp(-1.05f * exposure * i / _scale);
            _table[i] = (byte)(0.5f + (250 * MathF.Pow(light, 1 / 2.2f)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Encode(float light) => _table[(int)Math.Clamp(light * _scale, 0, Steps - 1)];

    /// <summary>Blue in the lowest byte, as in a BGR picture; the highest byte is 255.</summary>
    public uint Encode(Vector3 light) =>
        0xFF000000u | ((uint)Encode(light.X) << 16) | ((uint)Encode(light.Y) << 8) | Encode(light.Z);
}
