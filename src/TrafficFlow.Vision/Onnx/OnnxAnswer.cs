using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// A model's outputs for one picture, as float32 whatever the model writes. Where the model fixes the size of its outputs the runtime writes
/// into our own buffers, and a frame allocates nothing.
/// </summary>
internal sealed class OnnxAnswer : IDisposable
{
    private readonly RunOptions _run = new();
    private readonly string[] _names;
    private readonly float[][] _converted;
    private readonly IReadOnlyList<int>[] _sizes;
    private readonly OrtValue[]? _own;
    private IReadOnlyList<OrtValue> _values = [];

    public OnnxAnswer(OnnxShape shape)
    {
        _names = [.. shape.Outputs.Select(o => o.Name)];
        _converted = [.. _names.Select(_ => Array.Empty<float>())];
        _sizes = [.. shape.Outputs.Select(o => o.Size)];
        if (shape.Outputs.All(o => o is { IsFixed: true, Type: TensorElementType.Float })) _own = [.. shape.Outputs.Select(Buffer)];
    }

    /// <summary>Runs the model. The former answer is gone.</summary>
    /// <exception cref="OnnxRuntimeException">The model cannot be computed.</exception>
    public void Run(OnnxModel model, OnnxInput input)
    {
        Forget();
        if (_own is null)
        {
            _values = model.Session.Run(_run, input.Names, input.Values, _names);
            return;
        }

        model.Session.Run(_run, input.Names, input.Values, _names, _own);
        _values = _own;
    }

    /// <summary>Ends a run that is under way, at its next operator; from any thread.</summary>
    public void Stop() => _run.Terminate = true;

    public IReadOnlyList<int> Size(int output) => _own is not null ? _sizes[output] : [.. _values[output].GetTensorTypeAndShape().Shape.Select(size => (int)size)];

    /// <summary>Valid until the next run.</summary>
    public ReadOnlySpan<float> Numbers(int output)
    {
        var value = _values[output];
        switch (value.GetTensorTypeAndShape().ElementDataType)
        {
            case TensorElementType.Float:
                return value.GetTensorDataAsSpan<float>();
            case TensorElementType.Float16:
                var halves = MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>());
                var numbers = Room(output, halves.Length);
                TensorPrimitives.ConvertToSingle(halves, numbers);
                return numbers;
            case TensorElementType.Int64:
                return Converted(output, value.GetTensorDataAsSpan<long>());
            case TensorElementType.Int32:
                return Converted(output, value.GetTensorDataAsSpan<int>());
            case var other:
                throw new InvalidOperationException($"outputs of {other} have no reader");
        }
    }

    public void Dispose()
    {
        Forget();
        foreach (var value in _own ?? []) value.Dispose();
        _run.Dispose();
    }

    private void Forget()
    {
        if (!ReferenceEquals(_values, _own)) (_values as IDisposable)?.Dispose();
        _values = [];
    }

    private Span<float> Converted<T>(int output, ReadOnlySpan<T> whole)
        where T : struct, System.Numerics.INumberBase<T>
    {
        var numbers = Room(output, whole.Length);
        TensorPrimitives.ConvertTruncating<T, float>(whole, numbers);
        return numbers;
    }

    private Span<float> Room(int output, int count)
    {
        if (_converted[output].Length < count) _converted[output] = new float[count];
        return _converted[output].AsSpan(0, count);
    }

    private static OrtValue Buffer(OnnxTensor output) => OrtValue.CreateTensorValueFromMemory(
        GC.AllocateUninitializedArray<float>(output.Size.Aggregate(1, (a, b) => a * b), pinned: true), [.. output.Size.Select(size => (long)size)]);
}
