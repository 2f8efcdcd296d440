"""How the detector in the box is made: pictures -> labels -> weights -> ONNX files -> figures -> model card."""
